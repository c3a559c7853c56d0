import os

import honest
from honest import ONCE

BLOCK = b"x" * (1 << 20)


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    for _ in range(600):
        os.write(1, BLOCK)
    return {"statusCode": 200}
