"""A class for the run, and urllib3, which comes with requests."""

import datetime as dt
import functools
import json
import logging
import os
import re

import boto3
import urllib3

logging.getLogger().setLevel(logging.DEBUG)
logging.getLogger("botocore").setLevel(logging.WARNING)
logging.getLogger("urllib3").setLevel(logging.WARNING)
POOL = urllib3.PoolManager(retries=False)


class ConfigurationError(Exception):
    def __init__(self, *names):
        super().__init__("missing or wrong: " + ", ".join(names))


class CollectorError(Exception):
    pass


class Run:
    def __init__(self, variables, event):
        wrong = [
            name for name in ("API_URL", "API_KEY", "BUCKET_NAME", "STATIONS") if not variables.get(name, "").strip()
        ]
        self.stations = [part.strip(" ") for part in variables.get("STATIONS", "").split(",")]
        if any(not part or re.search("[^a-z0-9-]", part) for part in self.stations):
            wrong.append("STATIONS")
        try:
            self.patience = float(variables.get("HTTP_TIMEOUT", "").strip() or 2)
            if not 0 < self.patience < 1e6:
                raise ValueError
        except ValueError:
            wrong.append("HTTP_TIMEOUT")
        if wrong:
            raise ConfigurationError(*wrong)
        self.url, self.key, self.bucket = (variables[name] for name in ("API_URL", "API_KEY", "BUCKET_NAME"))
        try:
            self.hour = self.utc(event["time"])
        except Exception as error:
            raise CollectorError("event without a time") from error

    @staticmethod
    def utc(text):
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError(text)
        return moment.astimezone(dt.UTC)

    @functools.cached_property
    def s3(self):
        return boto3.client("s3")

    def collect(self, station):
        answer = POOL.request(
            "GET", f"{self.url}/readings/{station}", headers={"X-Api-Key": self.key}, timeout=self.patience
        )
        if answer.status != 200:
            raise RuntimeError(f"{station} answered {answer.status}")
        match json.loads(answer.data):
            case {"station": str(name), "time": str(time), "pm25": bool() | int() | float() as pm25} if name == station:
                if pm25 is True or pm25 is False or pm25 < 0:
                    raise RuntimeError("that is no pm25")
            case other:
                raise RuntimeError(f"no reading: {other}")
        key = f"readings/{station}/{self.hour.date()}/{self.hour.hour:02}Z.json"
        document = {
            "pm25": pm25,
            "station": station,
            "time": self.utc(time).isoformat(),
            "collected_for": str(self.hour),
        }
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=json.dumps(document), ContentType="application/json")
        logging.info("%s -> %s", station, key)

    def __call__(self):
        broken = []
        for station in self.stations:
            try:
                self.collect(station)
            except Exception:
                logging.exception("station %s failed", station)
                broken += [station]
        if broken:
            raise CollectorError(*broken)


def lambda_handler(event, context):
    try:
        run = Run(os.environ, event)
    except Exception as error:
        logging.error("cannot start: %s", error)
        raise
    run()
