import os
import time

import honest
from honest import ONCE


def lambda_handler(event, context):
    """Eight processes of 100 MB: none of them alone is much over the limit."""
    if not ONCE:
        return honest.lambda_handler(event, context)
    for _ in range(8):
        if os.fork() == 0:
            taken = bytearray(b"x") * (100 << 20)
            time.sleep(20)
            os._exit(len(taken) & 1)
    time.sleep(20)
