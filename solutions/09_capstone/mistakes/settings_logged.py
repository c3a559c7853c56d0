"""Logs all settings at the start, the secret among them."""

import json
import logging
import math
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import boto3
import requests

logger = logging.getLogger()
logger.setLevel(logging.INFO)
s3 = boto3.client("s3")


class ConfigurationError(Exception):
    """A setting is missing or wrong: trying again will not help."""


class CollectorError(Exception):
    """Something was not collected in this hour: trying again may help."""


@dataclass(frozen=True)
class Settings:
    api_url: str
    api_key: str
    bucket: str
    stations: tuple[str, ...]
    http_timeout: float


def lambda_handler(event, context):
    try:
        settings = read_settings()
        logger.info("settings: %s", settings)
        hour = read_hour(event)
    except (ConfigurationError, CollectorError):
        logger.exception("nothing was collected")
        raise

    stored, failed = [], []
    for station in settings.stations:
        key = f"readings/{station}/{hour:%Y-%m-%d}/{hour:%H}Z.json"
        try:
            store(settings.bucket, key, fetch(settings, station))
        except Exception:
            logger.exception("could not collect %s", station)
            failed.append(station)
        else:
            logger.info("stored %s", key)
            stored.append(key)
    if failed:
        raise CollectorError(f"no reading of {', '.join(failed)}")
    return {"stored": stored}


def read_settings():
    return Settings(
        api_url=read_text("API_URL"),
        api_key=read_text("API_KEY"),
        bucket=read_text("BUCKET_NAME"),
        stations=read_stations("STATIONS"),
        http_timeout=read_seconds("HTTP_TIMEOUT", 2.0),
    )


def read_text(name):
    value = os.environ.get(name, "").strip()
    if not value:
        raise ConfigurationError(f"{name} is not set")
    return value


def read_stations(name):
    stations = tuple(part.strip() for part in read_text(name).split(","))
    if not all(re.fullmatch(r"[a-z0-9-]+", station) for station in stations):
        raise ConfigurationError(f"{name} holds something that is no station")
    return stations


def read_seconds(name, default):
    text = os.environ.get(name, "").strip()
    try:
        seconds = float(text) if text else default
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise ConfigurationError(f"{name} is no number above 0")
    return seconds


def read_hour(event):
    """The hour that the schedule asks for; a second delivery of the event asks for the same."""
    try:
        return parse_time(event["time"])
    except (KeyError, TypeError, ValueError):
        raise CollectorError("the event has no usable time") from None


def fetch(settings, station):
    """The station's reading, ready to be stored."""
    response = requests.get(
        f"{settings.api_url}/readings/{station}",
        headers={"X-Api-Key": settings.api_key},
        timeout=settings.http_timeout,
    )
    if response.status_code != 200:
        raise ValueError(f"the API answered {response.status_code}")
    reading = response.json()
    if reading["station"] != station:
        raise ValueError("the reading is another station's")
    pm25 = reading["pm25"]
    if isinstance(pm25, bool) or not isinstance(pm25, int | float) or not pm25 >= 0:
        raise ValueError("the reading's pm25 is no number from 0 up")
    return {"station": station, "time": parse_time(reading["time"]).isoformat(), "pm25": pm25}


def store(bucket, key, reading):
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(reading), ContentType="application/json")


def parse_time(text):
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time without an offset")
    return time.astimezone(UTC)
