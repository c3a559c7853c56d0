"""The stations asked side by side in threads, each with a bucket of the resource API."""

import json
import logging
import os
import string
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import boto3
import requests

LOG = logging.getLogger()
LOG.setLevel(logging.INFO)
LETTERS = set(string.ascii_lowercase + string.digits + "-")


class ConfigurationError(Exception): ...


class CollectorError(Exception): ...


def lambda_handler(event, context):
    env = {name: value.strip() for name, value in os.environ.items() if value.strip()}
    for name in ("API_URL", "API_KEY", "BUCKET_NAME", "STATIONS"):
        if name not in env:
            refuse(name)
    stations = [part.strip() for part in env["STATIONS"].split(",")]
    if not all(part and set(part) <= LETTERS for part in stations):
        refuse("STATIONS")
    try:
        seconds = float(env.get("HTTP_TIMEOUT", 2))
    except ValueError:
        refuse("HTTP_TIMEOUT")
    if seconds <= 0:
        refuse("HTTP_TIMEOUT")
    try:
        hour = datetime.fromisoformat(event["time"])
        assert hour.tzinfo
    except Exception:
        LOG.error("event without a usable time")
        raise CollectorError("time") from None
    folder = hour.astimezone(UTC).strftime("%Y-%m-%d/%H")

    def work(station):
        answer = requests.get(
            "/".join((env["API_URL"], "readings", station)), headers={"x-api-key": env["API_KEY"]}, timeout=seconds
        )
        if answer.status_code != 200:
            raise CollectorError(station, answer.status_code)
        reading = answer.json()
        assert reading["station"] == station, "another station"
        assert not isinstance(reading["pm25"], bool), "pm25"
        assert float(reading["pm25"]) == reading["pm25"] >= 0, "pm25"
        time = datetime.fromisoformat(reading["time"])
        assert time.tzinfo, "naive"
        stored = dict(reading, time=time.astimezone(UTC).isoformat())
        target = boto3.session.Session().resource("s3").Object(env["BUCKET_NAME"], f"readings/{station}/{folder}Z.json")
        target.put(Body=json.dumps(stored).encode(), ContentType="application/json")
        return target.key

    failed = []
    with ThreadPoolExecutor(len(stations)) as pool:
        for station, job in [(station, pool.submit(work, station)) for station in stations]:
            if error := job.exception():
                LOG.error("no reading of %s", station, exc_info=error)
                failed.append(station)
            else:
                LOG.info("key %s", job.result())
    if failed:
        raise CollectorError(f"{len(failed)} of {len(stations)} failed: {' '.join(failed)}")
    return len(stations)


def refuse(name):
    LOG.error("%s is missing or wrong", name)
    raise ConfigurationError(name)
