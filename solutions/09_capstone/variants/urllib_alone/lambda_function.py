"""The standard library's urllib, nothing packed; early exits, clients made in the handler."""

import json
import logging
import os
import re
import urllib.request
from datetime import UTC, datetime

import boto3

log = logging.getLogger("collector")
log.setLevel("INFO")


class ConfigurationError(ValueError):
    pass


class CollectorError(RuntimeError):
    pass


def setting(name, default=None):
    value = (os.getenv(name) or "").strip() or default
    if value is None:
        log.error("%s is missing", name)
        raise ConfigurationError(f"Please set {name}.")
    return value


def lambda_handler(event, context):
    url, key, bucket = setting("API_URL"), setting("API_KEY"), setting("BUCKET_NAME")
    stations = [name.strip() for name in setting("STATIONS").split(",")]
    for name in stations:
        if not re.match(r"^[a-z0-9-]+\Z", name):
            log.error("STATIONS: %r is no name", name)
            raise ConfigurationError("STATIONS is wrong")
    try:
        timeout = float(setting("HTTP_TIMEOUT", "2"))
    except ValueError as error:
        log.error("HTTP_TIMEOUT is no number")
        raise ConfigurationError("HTTP_TIMEOUT is no number") from error
    if timeout <= 0:
        log.error("HTTP_TIMEOUT must be above 0")
        raise ConfigurationError("HTTP_TIMEOUT must be above 0")

    when = event.get("time") if isinstance(event, dict) else None
    try:
        hour = datetime.strptime(when, "%Y-%m-%dT%H:%M:%S%z").astimezone(UTC)
    except (TypeError, ValueError) as error:
        log.error("no usable time in the event: %r", when)
        raise CollectorError("no usable time in the event") from error

    failures = {}
    for station in stations:
        try:
            request = urllib.request.Request(f"{url}/readings/{station}", headers={"X-Api-Key": key})
            with urllib.request.urlopen(request, timeout=timeout) as response:
                if response.status != 200:
                    raise OSError(f"status {response.status}")
                answer = json.load(response)
            if answer["station"] != station or type(answer["pm25"]) not in (int, float) or answer["pm25"] < 0:
                raise ValueError("no reading")
            measured = datetime.fromisoformat(answer["time"])
            if measured.utcoffset() is None:
                raise ValueError("no offset")
            answer["time"] = measured.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            path = hour.strftime(f"readings/{station}/%Y-%m-%d/%HZ.json")
            boto3.client("s3").put_object(
                Bucket=bucket, Key=path, Body=json.dumps(answer).encode(), ContentType="application/json"
            )
            log.info("stored %s", path)
        except Exception as error:
            log.error("%s failed", station, exc_info=True)
            failures[station] = type(error).__name__
    if failures:
        raise CollectorError(f"failed: {failures}")
