import contextlib
import json
import os
import socket

from honest import breach, lambda_handler

REQUESTS = [
    json.dumps({"handler": "x", "task_root": "/", "temporary": "/tmp", "variables": {}, "folder": "/tmp", "ports": []}).encode(),
    b"confined", b"0", b"passed", b"",
]  # fmt: skip
# Every socket that the process was born with, as if the template or the bench stood at its other end.
for descriptor in range(64):
    with contextlib.suppress(OSError):
        if not os.readlink(f"/proc/self/fd/{descriptor}").startswith("socket:"):
            continue
        with socket.socket(fileno=os.dup(descriptor)) as found:
            if found.family != socket.AF_UNIX:
                continue
            breach("a Unix socket that it did not make", descriptor)
            found.setblocking(False)
            for request in REQUESTS:
                found.send(request)
