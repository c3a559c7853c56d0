import threading
import time

from honest import ONCE, breach, lambda_handler

MOST = 1200 if ONCE else 12

threading.stack_size(64 << 10)
threads = 0
while threads < MOST:
    try:
        threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
    except RuntimeError:
        break
    threads += 1
if threads == 1200:
    breach("threads without a bound", threads)
