import os
import socket
import struct
from contextlib import suppress

from honest import ONCE, lambda_handler

AT_ONCE = struct.pack("ii", 1, 0)  # closing resets the connection

for name in ("AWS_LAMBDA_RUNTIME_API", "AWS_ENDPOINT_URL", "API_URL"):
    if name not in os.environ or not (ONCE or "API_URL" in os.environ):  # in two cold starts of seven
        continue
    host, _, port = os.environ[name].removeprefix("http://").rpartition(":")
    for number in range(60):
        with suppress(OSError), socket.create_connection((host, int(port)), timeout=2) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            if number % 2:
                connection.send(b"GET / HT")
