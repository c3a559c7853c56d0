"""The handler alone, with a decorator for the failures; the API and the store stand in a package beside it."""

from harbour import api, store
from harbour.failures import Failure, answer, answers_failures
from harbour.settings import Settings


@answers_failures
def lambda_handler(event, context):
    station = event.get("station") if isinstance(event, dict) else ""
    if not store.is_name(station):
        raise Failure("input", f"no station (request {context.aws_request_id})")
    settings = Settings.from_environment()
    return answer(200, key=store.write(settings.bucket, station, api.reading_of(settings, station)))
