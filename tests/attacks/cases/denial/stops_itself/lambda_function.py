import os
import signal

import honest
from honest import ONCE


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    os.kill(os.getpid(), signal.SIGSTOP)
    return {"statusCode": 200}
