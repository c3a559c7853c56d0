import os
import re
from typing import NamedTuple


class ConfigurationError(ValueError):
    pass


class Settings(NamedTuple):
    url: str
    key: str
    bucket: str
    stations: list
    timeout: float

    @classmethod
    def load(cls):
        return cls(
            _get("API_URL", str),
            _get("API_KEY", str),
            _get("BUCKET_NAME", str),
            _get("STATIONS", _stations),
            _get("HTTP_TIMEOUT", _positive, "2"),
        )


def _get(name, convert, default=""):
    text = os.environ.get(name, "")
    text = default if text.isspace() or not text else text
    try:
        if not text:
            raise ValueError("not set")
        return convert(text)
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}") from None


def _stations(text):
    names = re.split(r"\s*,\s*", text.strip())
    for name in names:
        if re.fullmatch("[a-z0-9-]+", name) is None:
            raise ValueError("not a list of stations")
    return names


def _positive(text):
    number = float(text)
    if number <= 0:
        raise ValueError("not above 0")
    return number
