"""The handler alone; settings, API and store stand in a package beside it."""

import logging

from harbour import api, store
from harbour.settings import ConfigurationError, Settings

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


class CollectorError(Exception):
    def __init__(self, message, stations=()):
        self.stations = tuple(stations)
        super().__init__(message + ": " + ", ".join(self.stations) if stations else message)


def lambda_handler(event, context):
    try:
        settings = Settings.load()
    except ConfigurationError:
        log.exception("configuration")
        raise
    try:
        hour = store.hour_of(event)
    except Exception as error:
        log.exception("event")
        raise CollectorError("the event's time cannot be used") from error
    failed = [station for station in settings.stations if not collect(settings, hour, station)]
    if failed:
        raise CollectorError("not collected", failed)
    return {"statusCode": 200, "body": "[]"}


def collect(settings, hour, station):
    try:
        key = store.save(settings.bucket, station, hour, api.ask(settings, station))
    except Exception:
        log.critical("%s: see the next record", station)
        log.exception("%s", station)
        return False
    log.info("stored", extra={"key": key})
    log.info(key)
    return True
