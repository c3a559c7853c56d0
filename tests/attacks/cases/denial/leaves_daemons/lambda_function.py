import os
import signal
import time

from honest import lambda_handler

for _ in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            os.write(1, b"still here\n")
            time.sleep(0.5)
        os._exit(0)
