"""The settings as a dataclass that knows how to read itself; the key hidden from its repr."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Switch(Enum):
    ON = ("true", "1", "yes")
    OFF = ("false", "0", "no", "")

    @classmethod
    def _missing_(cls, value):
        return next((switch for switch in cls if value in switch.value), None)


@dataclass(frozen=True)
class Settings:
    api_key: str = field(repr=False)
    bucket: str
    max_stations: int = 10
    dry_run: bool = False

    @classmethod
    def load(cls, environment: Mapping[str, str]):
        source = {"api_key": "API_KEY", "bucket": "BUCKET_NAME", "max_stations": "MAX_STATIONS", "dry_run": "DRY_RUN"}
        values = {}
        for attribute, name in source.items():
            try:
                values[attribute] = CONVERT[attribute](environment.get(name, "").strip())
            except ValueError:
                raise Misconfigured(name) from None
        return cls(**values)


class Misconfigured(Exception):
    pass


def required(text):
    if not text:
        raise ValueError
    return text


def count(text):
    number = int(text or "10")
    if number not in range(1, 101):
        raise ValueError
    return number


CONVERT = {
    "api_key": required,
    "bucket": required,
    "max_stations": count,
    "dry_run": lambda text: Switch(text.lower()) is Switch.ON,
}


def lambda_handler(event, context):
    try:
        settings = Settings.load(os.environ)
    except Misconfigured as error:
        sys.stderr.write(f"cannot work: look at {error}\n")
        return {"statusCode": 500, "body": json.dumps({"error": f"look at {error}"})}
    print(settings)
    shown = vars(settings) | {"api_key_set": bool(settings.api_key)}
    del shown["api_key"]
    return {"statusCode": 200, "body": json.dumps(shown, indent=2)}
