import os
from typing import NamedTuple

from harbour.failures import Failure


class Settings(NamedTuple):
    url: str
    key: str
    bucket: str
    timeout: float

    @classmethod
    def from_environment(cls):
        values = [os.getenv(name, "").strip() for name in ("API_URL", "API_KEY", "BUCKET_NAME")]
        if not all(values):
            raise Failure("configuration", "API_URL, API_KEY and BUCKET_NAME must all be set")
        timeout = os.getenv("HTTP_TIMEOUT", "").strip() or "2"
        try:
            seconds = float(timeout)
            if seconds > 0:
                return cls(*values, seconds)
        except ValueError:
            pass
        raise Failure("configuration", f"HTTP_TIMEOUT is {timeout}")
