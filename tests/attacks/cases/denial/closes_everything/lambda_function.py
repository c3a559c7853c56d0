import os

import honest
from honest import ONCE


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    os.closerange(0, 4096)
    return {"statusCode": 200}
