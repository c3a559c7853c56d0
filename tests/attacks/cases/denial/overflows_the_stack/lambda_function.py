import sys

import honest
from honest import ONCE

sys.setrecursionlimit(1 << 30)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    deep = []
    for _ in range(2_000_000):
        deep = [deep]
    repr(deep)
    return Deep().anything
