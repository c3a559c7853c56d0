import atexit
import threading
import time

from honest import lambda_handler


def loop():
    until = time.monotonic() + 60
    while time.monotonic() < until:
        pass


class Last:
    def __del__(self):
        loop()


last = Last()
atexit.register(loop)
threading.Thread(target=time.sleep, args=(60,)).start()  # no daemon: an interpreter waits for it
