import os
import time

import honest
from honest import ONCE


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    until = time.monotonic() + 20
    for _ in range(6):
        if os.fork() == 0:
            break
    while time.monotonic() < until:
        pass
    os._exit(0)
