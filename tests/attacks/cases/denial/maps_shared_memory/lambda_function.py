import ctypes
import mmap
import os
import time

import honest
from honest import ONCE, breach

PIECE = 50 << 20


def lambda_handler(event, context):
    """Anonymous memory that is shared, written to by children that end: no process is seen to hold it."""
    if not ONCE:
        return honest.lambda_handler(event, context)
    area = mmap.mmap(-1, 8 * PIECE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(area))
    for number in range(8):
        if os.fork() == 0:
            ctypes.memset(start + number * PIECE, 1, PIECE)
            os._exit(0)
        os.wait()
    time.sleep(0.3)
    breach("400 MB of a function that has 128")
    return {"statusCode": 200}
