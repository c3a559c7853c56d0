"""Collects every problem before it answers, and logs each through logging."""

import json
import logging
import os
import re

logger = logging.getLogger(__name__)


def lambda_handler(event, context):
    given = {name: text for name, text in os.environ.items() if text.strip()}
    problems = [f"{name} is required" for name in ("API_KEY", "BUCKET_NAME") if name not in given]

    stations = given.get("MAX_STATIONS", "10")
    if not re.fullmatch(r"\s*([1-9][0-9]?|100)\s*", stations):
        problems.append("MAX_STATIONS must be from 1 to 100")
    dry_run = given.get("DRY_RUN", "no").strip().casefold()
    if dry_run not in {"true", "false", "1", "0", "yes", "no"}:
        problems.append("DRY_RUN must be yes or no")

    for problem in problems:
        logger.error("Configuration: %s", problem)
    if problems:
        return respond(500, error="; ".join(problems), count=len(problems))
    return respond(
        200,
        bucket=given["BUCKET_NAME"],
        max_stations=int(stations),
        dry_run=dry_run in {"true", "1", "yes"},
        api_key_set="API_KEY" in given,
        function=context.function_name,
    )


def respond(status, **body):
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
