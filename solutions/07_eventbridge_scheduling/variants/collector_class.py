"""A class holds settings and clients; it is made anew for each event."""

import json
import logging
import os
from datetime import UTC, datetime

import boto3
import requests


class CollectorError(Exception):
    pass


class Collector:
    def __init__(self, environment):
        self.url = self.need(environment, "API_URL")
        self.key = self.need(environment, "API_KEY")
        self.bucket = self.need(environment, "BUCKET_NAME")
        self.station = self.need(environment, "STATION")
        text = environment.get("HTTP_TIMEOUT", "").strip() or "2"
        if not text.replace(".", "", 1).isdigit():
            raise CollectorError("HTTP_TIMEOUT should be a number")
        self.timeout = float(text)
        self.session = requests.Session()
        self.session.headers["X-Api-Key"] = self.key

    @staticmethod
    def need(environment, name):
        if value := (environment.get(name) or "").strip():
            return value
        raise CollectorError(f"{name} is empty")

    def collect(self, event):
        hour = self.in_utc(event.get("time"), "the event's time")
        response = self.session.get(f"{self.url}/readings/{self.station}", timeout=self.timeout)
        if response.status_code != 200:
            raise CollectorError(f"{self.station}: status {response.status_code}")
        document = response.json()
        if not isinstance(document, dict):
            raise CollectorError(f"{self.station}: no object")
        value = document.get("pm25")
        if not isinstance(value, (int, float)) or value is True or value is False or value < 0:
            raise CollectorError(f"{self.station}: no value")
        time = self.in_utc(document.get("time"), "the reading's time")
        boto3.client("s3").put_object(
            Bucket=self.bucket,
            Key=hour.strftime(f"readings/{self.station}/%Y-%m-%d/%HZ.json"),
            ContentType="application/json; charset=utf-8",
            Body=json.dumps({**document, "station": self.station, "time": time.isoformat(), "asked": event["time"]}),
        )

    @staticmethod
    def in_utc(text, what):
        try:
            return datetime.fromisoformat(text).astimezone(UTC) if has_offset(text) else 1 / 0
        except (ArithmeticError, TypeError, ValueError) as error:
            raise CollectorError(f"{what} is no time: {text!r}") from error


def has_offset(text):
    return datetime.fromisoformat(text).tzinfo is not None


def lambda_handler(event, context):
    try:
        Collector(os.environ).collect(event)
    except BaseException as error:
        logging.error("failed for %s: %r", os.environ.get("STATION"), error)
        raise CollectorError("nothing was collected") from error
