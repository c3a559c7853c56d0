import os
import time

from honest import ONCE, breach, lambda_handler

MOST = 300 if ONCE else 3

children = 0
while children < MOST:
    try:
        pid = os.fork()
    except OSError:
        break
    if pid == 0:
        time.sleep(30)
        os._exit(0)
    children += 1
if children == 300:
    breach("processes without a bound", children)
