import os
import socket
import time

import honest
from honest import ONCE


def lambda_handler(event, context):
    """Many connections, each with half of a request, dripping."""
    if not ONCE:
        return honest.lambda_handler(event, context)
    host, _, port = os.environ["AWS_LAMBDA_RUNTIME_API"].rpartition(":")
    held = []
    for _ in range(60):
        held.append(socket.create_connection((host, int(port)), timeout=1))
        held[-1].sendall(b"POST /2018-06-01/runtime/invocation/x/response HTTP/1.1\r\nContent-Length: 900000\r\n\r\n{")
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for one in held:
            try:
                one.send(b" ")
            except OSError:
                pass
        time.sleep(0.05)
