"""The handler alone; the log's settings, and what it knows of readings, stand in modules beside it."""

import json
import logging

import journal
import readings

logger = logging.getLogger("harbour.handler")


def lambda_handler(event, context):
    journal.set_up()
    logger.debug("event %s", event)
    if not isinstance(event, dict) or not isinstance(event.get("readings"), list):
        return reply(400, problems=["readings"])
    counts = {"stored": 0, "rejected": 0}
    for reading in event["readings"]:
        try:
            checked = readings.check(reading)
        except readings.Refused as refusal:
            logger.warning("%s", refusal)
            counts["rejected"] += 1
            continue
        with journal.errors_told("could not store a reading of %s", checked.station):
            key = readings.store(checked)
        logger.info("new object: %s", key)
        counts["stored"] += 1
    logger.info("stored={stored} rejected={rejected}".format(**counts))
    return reply(200, **counts)


def reply(status, **body):
    return {"statusCode": status, "body": json.dumps(body)}
