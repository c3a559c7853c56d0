"""Words by match, problems through the root logger with the trace, the list of names in one loop."""

import json
import logging
import os

logging.getLogger().setLevel(logging.INFO)


def number(text):
    value = int(text)
    if value < 1 or value > 100:
        raise ValueError("not from 1 to 100")
    return value


def truth(text):
    match text.lower():
        case "true" | "1" | "yes":
            return True
        case "false" | "0" | "no":
            return False
    raise ValueError("unknown word")


def lambda_handler(event, context):
    logging.info("request %s", context.aws_request_id)
    optional = {"MAX_STATIONS": (number, 10), "DRY_RUN": (truth, False)}
    values = {}
    for name in ["API_KEY", "BUCKET_NAME", *optional]:
        text = os.environ.get(name)
        blank = text is None or not text.strip()
        convert, default = optional.get(name, (str, None))
        try:
            if blank and default is None:
                raise ValueError("not set")
            values[name] = default if blank else convert(text)
        except ValueError:
            logging.exception("%s cannot be used", name)
            return {"statusCode": 500, "body": json.dumps({"error": f"{name} cannot be used"})}
    return {
        "statusCode": 200,
        "body": json.dumps(
            {
                "bucket": values["BUCKET_NAME"],
                "max_stations": values["MAX_STATIONS"],
                "dry_run": values["DRY_RUN"],
                "api_key_set": "API_KEY" in values,
            }
        ),
    }
