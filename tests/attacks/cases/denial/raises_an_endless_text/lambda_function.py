import time

import honest
from honest import ONCE


class Endless(Exception):
    def __str__(self):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            pass
        return ""


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    raise Endless
