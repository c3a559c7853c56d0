"""First all answers, then all writes: two loops, and results as pairs."""

import json
import logging
import os
import re
from datetime import datetime

import boto3
import requests

logging.getLogger().setLevel(logging.INFO)


class CollectorError(Exception):
    pass


class ConfigurationError(CollectorError):
    pass


def lambda_handler(event, context):
    logger = logging.getLogger("harbour")
    problem = find_problem(os.environ)
    if problem:
        logger.error("configuration: %s", problem)
        raise ConfigurationError(problem)
    time = to_utc(event.get("time")) if hasattr(event, "get") else None
    if time is None:
        logger.error("event: time")
        raise CollectorError("event: time")

    done, errors = {}, {}
    for station in names(os.environ):
        url = os.environ["API_URL"].strip() + "/readings/" + station
        wait = float(os.environ.get("HTTP_TIMEOUT", "").strip() or "2")
        try:
            answer = requests.request("get", url, headers={"X-Api-Key": os.environ["API_KEY"]}, timeout=wait)
            if answer.status_code != 200:
                raise ValueError(answer.status_code)
            done[station] = check(station, answer.json())
        except Exception as error:
            errors[station] = error
    s3 = boto3.client("s3")
    for station, reading in done.items():
        key = f"readings/{station}/{time[:10]}/{time[11:13]}Z.json"
        try:
            s3.put_object(
                Bucket=os.environ["BUCKET_NAME"], Key=key, ContentType="application/json", Body=json.dumps(reading)
            )
            logger.info("%s stored for %s", key, context.aws_request_id)
        except Exception as error:
            errors[station] = error
    for station, error in errors.items():
        logger.error("%s failed", station, exc_info=(type(error), error, error.__traceback__))
    if errors:
        raise CollectorError(sorted(errors))


def find_problem(env):
    for name in ["API_URL", "API_KEY", "BUCKET_NAME", "STATIONS"]:
        if not env.get(name, "").strip():
            return name
    if not all(re.fullmatch(r"[a-z\d-]+", name, re.ASCII) for name in names(env)):
        return "STATIONS"
    try:
        return None if float(env.get("HTTP_TIMEOUT", "").strip() or "2") > 0 else "HTTP_TIMEOUT"
    except ValueError:
        return "HTTP_TIMEOUT"


def names(env):
    return env["STATIONS"].replace(" ", "").split(",")


def to_utc(text):
    try:
        moment = datetime.fromisoformat(text)
        return (moment.replace(tzinfo=None) - moment.utcoffset()).isoformat() + "Z"
    except (TypeError, ValueError):
        return None


def check(station, reading):
    if set(reading) < {"station", "time", "pm25"} or reading["station"] != station:
        raise ValueError(f"{station}: {reading}")
    if isinstance(reading["pm25"], bool) or reading["pm25"] < 0 or to_utc(reading["time"]) is None:
        raise ValueError(f"{station}: {reading}")
    return {**reading, "time": to_utc(reading["time"])}
