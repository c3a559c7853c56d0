import logging
import time

import honest
from honest import ONCE


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        logging.getLogger().warning("refused: %s %s", event["station"], "x" * 4000)
    return {"statusCode": 200}
