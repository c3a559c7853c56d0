import signal
import time

import honest
from honest import ONCE

for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
    try:
        signal.signal(number, signal.SIG_IGN)
    except OSError:
        pass


def lambda_handler(event, context):
    if not ONCE:
        return honest.lambda_handler(event, context)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        pass
