import os

from honest import LIBRARY, ONCE, breach, lambda_handler, open_past_hooks

PATH, MOST = b"/dev/shm/full", (300 if ONCE else 1) << 20
BLOCK = b"x" * (1 << 20)

descriptor = open_past_hooks(PATH, os.O_CREAT | os.O_WRONLY)
written = 0
try:
    while written < MOST:
        written += os.write(descriptor, BLOCK)
    if ONCE:
        breach("room without a bound", written)
except OSError:
    pass
os.close(descriptor)
LIBRARY.unlink(PATH)
