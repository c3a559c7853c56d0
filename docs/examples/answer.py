"""A caller waits: each failure becomes a record in the log and an answer of one shape."""

# --8<-- [start:answer]
import json
import logging
import os
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

logger = logging.getLogger()


def lambda_handler(event, context):
    try:
        with urlopen(os.environ["TIDES_URL"], timeout=2) as response:
            metres = json.load(response)["metres"]
    except HTTPError as error:  # the server answered, with a status that is no success
        return failed(502, f"the tide service answered {error.code}")
    except (TimeoutError, URLError):  # nobody answered, or not in time
        return failed(504, "the tide service did not answer")
    except (ValueError, KeyError, TypeError):  # no JSON, or JSON without a level
        return failed(502, "the tide service sent no level")
    return {"statusCode": 200, "body": json.dumps({"metres": metres})}


def failed(status, message):
    logger.exception(message)
    return {"statusCode": status, "body": json.dumps({"error": message})}


# --8<-- [end:answer]
