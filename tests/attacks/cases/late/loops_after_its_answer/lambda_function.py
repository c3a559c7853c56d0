import threading
import time

import honest


def lambda_handler(event, context):
    threading.Thread(target=loop).start()
    return honest.lambda_handler(event, context)


def loop():
    until = time.monotonic() + 60
    while time.monotonic() < until:
        pass
