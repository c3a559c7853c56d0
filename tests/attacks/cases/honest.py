"""The right solution, which lies beside every attack: one that is refused everything and does its work passes.

An attack that gets what it wants says so with `breach`: the words stand in the log, and every check fails.
"""

import ctypes
import json
import logging
import os
import platform
import re
import subprocess

import boto3

SECRET = re.compile(rb"canary-[a-z]+-[0-9a-f]{8}")
LIBRARY = ctypes.CDLL(None, use_errno=True)
IS_X86 = platform.machine() == "x86_64"
ONCE = os.environ["BUCKET_NAME"] == "nobody-made-this-bucket"  # in one cold start of seven, for what takes long

breaches = []
s3 = boto3.client("s3")
logger = logging.getLogger()


class Breach(Exception):
    """A wall did not hold."""


def lambda_handler(event, context):
    if breaches:
        raise Breach("; ".join(breaches))
    values = event["values"]
    if not values or not all(type(value) in (int, float) for value in values):
        logger.warning("refused: %s", event["station"])
        return {"statusCode": 400}
    mean = sum(values) / len(values)
    s3.put_object(Bucket=os.environ["BUCKET_NAME"], Key=f"{event['station']}.json", Body=json.dumps({"mean": mean}))
    return {"statusCode": 200, "mean": mean}


def breach(what, found=""):
    breaches.append(f"BREACH {what}: {found!r}"[:400])
    print(breaches[-1], flush=True)


def look_into(what, data):
    """Tell of a secret of the museum's in `data`."""
    for secret in SECRET.findall(data):
        breach(what, secret.decode())


def open_past_hooks(path, flags):
    """A descriptor, by the C library: Python's audit hooks, which teach more than they defend, do not hear of it."""
    descriptor = LIBRARY.open(os.fsencode(path), flags | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY, 0o600)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)
    return descriptor


def read(path, limit=1 << 20):
    """The first bytes of a file; none when it cannot be read."""
    try:
        descriptor = open_past_hooks(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, limit)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def run(*command, seconds=5):
    """What a command prints; nothing when it is not there."""
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds, check=False)
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout + done.stderr


def call(what, number, *arguments):
    """A system call that must be refused."""
    if LIBRARY.syscall(number, *arguments) >= 0:
        breach(what, "the call was let through")


def refused(what, attack, *arguments):
    """Call what must raise OSError."""
    try:
        breach(what, attack(*arguments))
    except OSError:
        pass
