"""The handler alone; the work lies in a package beside it."""

import logging

from harbour import settings, stations, store


def lambda_handler(event, context):
    try:
        known = settings.read()
        hour = stations.parse_time(event["time"])
        reading = stations.fetch(known)
        return {"statusCode": 200, "stored": store.put(known, hour, reading)}
    except Exception as error:
        logging.getLogger().error("Collecting failed: %s", error, exc_info=True)
        raise
