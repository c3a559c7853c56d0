import os
import socket
import time

from honest import ONCE, breach, lambda_handler

MOST = 200 << 20
BLOCK = b"x" * 65536


def fill():
    """Both ends of as many pairs as there may be, each full of what nobody reads. The answer: bytes."""
    held, pairs = 0, []
    try:
        while held < MOST // 4:
            pairs.append(socket.socketpair())
            for end in pairs[-1]:
                end.setblocking(False)
                try:
                    while True:
                        held += end.send(BLOCK)
                except BlockingIOError:
                    pass
    except OSError:
        pass
    return held, pairs


if ONCE:
    reading, writing = os.pipe()
    for _ in range(4):
        if os.fork() == 0:
            held, pairs = fill()
            os.write(writing, held.to_bytes(8, "big"))
            time.sleep(30)
            os._exit(0)
    total = sum(int.from_bytes(os.read(reading, 8), "big") for _ in range(4))
    time.sleep(1)
    if total >= MOST:
        breach("kernel memory that nobody counts", total)
