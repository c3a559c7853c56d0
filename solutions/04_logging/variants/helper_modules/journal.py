"""The levels of this function's loggers, which all stand below `harbour`."""

import logging
import os
from contextlib import contextmanager
from logging.config import dictConfig

NAMES = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
top = logging.getLogger("harbour")


def set_up():
    name = (os.environ.get("LOG_LEVEL") or "").strip() or "INFO"
    level = name.upper() if name.upper() in NAMES else "INFO"
    dictConfig({"version": 1, "incremental": True, "loggers": {"harbour": {"level": level}}})
    if name.upper() != level:
        top.warning("%s is no level; taking %s", name, level)


@contextmanager
def errors_told(message, *values):
    """Logs an exception of the block with its trace, and lets it go on."""
    try:
        yield
    except BaseException:
        top.exception(message, *values)
        raise
