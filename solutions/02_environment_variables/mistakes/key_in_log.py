"""Prints the whole environment when something is wrong, and with it the key."""

import json
import os

WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class WrongSetting(Exception):
    """A variable that is missing or cannot be used. The text names it, and holds no secret."""


def lambda_handler(event, context):
    try:
        return answer(200, read_settings())
    except WrongSetting as error:
        print("configuration error:", error, dict(os.environ))
        return answer(500, {"error": str(error)})


def read_settings():
    """The settings that may be shown: the key is asked for, not passed on."""
    require("API_KEY")
    return {
        "bucket": require("BUCKET_NAME"),
        "max_stations": read_number("MAX_STATIONS", default=10),
        "dry_run": read_switch("DRY_RUN", default=False),
        "api_key_set": True,
    }


def read(name):
    """The variable's text, without spaces around it; empty when it is blank or not set."""
    return os.environ.get(name, "").strip()


def require(name):
    text = read(name)
    if not text:
        raise WrongSetting(f"{name} is not set")
    return text


def read_number(name, default):
    text = read(name)
    if not text:
        return default
    try:
        number = int(text)
    except ValueError:
        raise WrongSetting(f"{name} is no whole number: {text!r}") from None
    if not 1 <= number <= 100:
        raise WrongSetting(f"{name} should be from 1 to 100, and is {number}")
    return number


def read_switch(name, default):
    text = read(name)
    if not text:
        return default
    if text.lower() not in WORDS:
        raise WrongSetting(f"{name} should be one of {', '.join(WORDS)}, and is {text!r}")
    return WORDS[text.lower()]


def answer(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
