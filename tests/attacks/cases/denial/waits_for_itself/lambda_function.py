import threading

import honest
from honest import ONCE

lock = threading.Lock()


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    lock.acquire()
    lock.acquire(timeout=60)
