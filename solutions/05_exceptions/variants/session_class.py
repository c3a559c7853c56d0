"""A collector class around a requests.Session; match on what went wrong; answers as constants."""

import contextlib
import json
import logging
import os
import string
from dataclasses import dataclass
from datetime import UTC, datetime

import boto3
import requests
from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger(__name__)


@dataclass
class Trouble(Exception):
    category: str
    message: str
    upstream_status: int | None = None

    STATUS = {"input": 400, "configuration": 500, "timeout": 504, "s3": 500}  # noqa: RUF012

    def answer(self):
        body = {"error": self.category, "message": self.message}
        if self.upstream_status:
            body["upstream_status"] = self.upstream_status
        return {"statusCode": self.STATUS.get(self.category, 502), "body": json.dumps(body)}


class Collector:
    def __init__(self):
        self.url = self.need("API_URL")
        self.bucket = self.need("BUCKET_NAME")
        self.session = requests.Session()
        self.session.headers["X-API-KEY"] = self.need("API_KEY")
        self.seconds = 2.0
        if given := os.environ.get("HTTP_TIMEOUT", "").strip():
            self.seconds = -1.0
            with contextlib.suppress(ValueError):
                self.seconds = float(given)
        if self.seconds <= 0:
            raise Trouble("configuration", "HTTP_TIMEOUT holds no number of seconds")

    @staticmethod
    def need(name):
        if value := os.environ.get(name, "").strip():
            return value
        raise Trouble("configuration", "Set the variable " + name)

    def fetch(self, station):
        try:
            response = self.session.get(f"{self.url}/readings/{station}", timeout=(self.seconds, self.seconds))
        except requests.RequestException as error:
            match error:
                case requests.ReadTimeout():
                    raise Trouble("timeout", "no answer yet") from None
                case _:
                    raise Trouble("connection", type(error).__name__) from None
        if not response.ok:
            raise Trouble("http", response.reason, response.status_code)
        return response.text

    def store(self, station, text):
        match self.decode(text):
            case {"time": str(time), "pm25": int(pm25) | float(pm25)} if pm25 is not True and pm25 >= 0:
                moment = self.moment(time)
            case _:
                raise Trouble("parsing", "That is no reading")
        key = f"readings/{station}/{moment:%Y-%m-%d/%H%M%S}Z.json"
        content = json.dumps({"station": station, "time": moment.isoformat(), "pm25": pm25, "source": self.url})
        try:
            boto3.client("s3").put_object(Bucket=self.bucket, Key=key, Body=content, ContentType="application/json")
        except (BotoCoreError, ClientError):
            raise Trouble("s3", f"{key} was not written") from None
        return key

    @staticmethod
    def decode(text):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            raise Trouble("parsing", "That is no JSON") from None

    @staticmethod
    def moment(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise Trouble("parsing", "That is no time") from None
        if moment.tzinfo is None:
            raise Trouble("parsing", "Whose time is that?")
        return moment.astimezone(UTC)


def lambda_handler(event, _):
    try:
        station = event["station"]
        if not station or set(station) - set(string.ascii_lowercase + string.digits + "-"):
            raise Trouble("input", "That is no station")
    except (KeyError, TypeError):
        trouble = Trouble("input", "There is no station")
    except Trouble as found:
        trouble = found
    else:
        try:
            collector = Collector()
            return {"statusCode": 200, "body": json.dumps({"key": collector.store(station, collector.fetch(station))})}
        except Trouble as found:
            trouble = found
    logger.error("%s", json.dumps({"category": trouble.category, "message": trouble.message}))
    return trouble.answer()
