"""Records that go through Lambda's own log handler."""

# --8<-- [start:log]
import logging

logger = logging.getLogger()
logger.setLevel(logging.INFO)  # until then, INFO is dropped


def lambda_handler(event, context):
    logger.info("processing harbour %s", event.get("harbour"))
    try:
        metres = float(event["metres"])
    except (KeyError, ValueError):
        logger.exception("the event holds no usable level")  # the record ends with the trace
        raise
    return {"metres": metres}


# --8<-- [end:log]
