import ctypes
import decimal
import hashlib
import multiprocessing
import random
import secrets
import socket
import ssl
import subprocess
import tempfile
import urllib.request
import uuid
import zoneinfo
from datetime import datetime

import honest


def lambda_handler(event, context):
    assert ctypes.sizeof(ctypes.c_long) == 8
    assert decimal.Decimal("0.1") + decimal.Decimal("0.2") == decimal.Decimal("0.3")
    assert len(hashlib.sha256(secrets.token_bytes(8)).hexdigest()) == 64
    assert multiprocessing.cpu_count() >= 1
    assert 0 <= random.random() < 1
    assert socket.gethostbyname("localhost") == "127.0.0.1"
    assert ssl.OPENSSL_VERSION
    assert subprocess.call(["true"]) == 0
    assert tempfile.gettempdir()
    assert urllib.request.url2pathname("a%20b") == "a b"
    assert uuid.uuid4() != uuid.uuid4()
    assert datetime(2026, 7, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Oslo")).utcoffset().seconds == 7200
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as caller:
        server.accept()[0].close()
        assert caller.recv(1) == b""
    return honest.lambda_handler(event, context)
