import contextlib
import os

from honest import open_past_hooks


def lambda_handler(event, context):
    """Empties the log under the reader, reopens it, makes it look huge, and leaves a hole in it."""
    print("x" * 5000, flush=True)
    for descriptor in (1, 2):
        for size in (0, 1 << 30, 7):
            with contextlib.suppress(OSError):
                os.ftruncate(descriptor, size)
        with contextlib.suppress(OSError):
            again = open_past_hooks(f"/proc/self/fd/{descriptor}", os.O_RDWR)
            os.ftruncate(again, 0)
            os.pwrite(again, b'{"status": "passed"}', 1 << 28)
            os.close(again)
        with contextlib.suppress(OSError):
            os.close(open_past_hooks(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_TRUNC))
    return {"statusCode": 200}
