"""The settings, each checked."""

import os
from typing import NamedTuple


class Settings(NamedTuple):
    url: str
    key: str
    bucket: str
    station: str
    timeout: float


def read():
    texts = []
    for name in ("API_URL", "API_KEY", "BUCKET_NAME", "STATION"):
        text = os.environ.get(name, "")
        if not text or text.isspace():
            raise RuntimeError("set " + name)
        texts.append(text)
    return Settings(*texts, read_timeout())


def read_timeout():
    try:
        return float(os.environ.get("HTTP_TIMEOUT", "").strip() or "2")
    except ValueError:
        raise RuntimeError("HTTP_TIMEOUT is wrong") from None
