"""Settings from the environment, a schema of name, reader and default."""

import os

YES, NO = {"true", "1", "yes"}, {"false", "0", "no"}
REQUIRED = object()


class Invalid(ValueError):
    pass


def stations(text):
    number = int(text)
    assert 0 < number < 101
    return number


def switch(text):
    assert text.lower() in YES | NO
    return text.lower() in YES


SCHEMA = {
    "api_key_set": ("API_KEY", bool, REQUIRED),
    "bucket": ("BUCKET_NAME", str, REQUIRED),
    "max_stations": ("MAX_STATIONS", stations, 10),
    "dry_run": ("DRY_RUN", switch, False),
}


def load():
    return {key: read(*entry) for key, entry in SCHEMA.items()}


def read(name, convert, default):
    text = os.environ.get(name, "").strip()
    if not text and default is REQUIRED:
        raise Invalid(f"{name}: required")
    try:
        return convert(text) if text else default
    except (ValueError, AssertionError) as error:
        raise Invalid(f"{name}: not understood") from error
