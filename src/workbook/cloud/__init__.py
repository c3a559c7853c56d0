"""The local AWS: moto on loopback behind two doors, and the HTTP API that labs call.

The bench's door has full rights. The function's door is a gateway: it lets through the services that the
lab names, while the function is awake, and keeps a record of every call.

Importing this package loads neither moto nor boto3: that happens when a `Cloud` or an `HttpApi` is first
asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from workbook.cloud.calls import Call
from workbook.cloud.gate import Gate

if TYPE_CHECKING:
    from workbook.cloud.cloud import Cloud
    from workbook.cloud.http_api import ApiRequest, HttpApi

__all__ = ["ApiRequest", "Call", "Cloud", "Gate", "HttpApi"]

_HOMES = {"Cloud": "cloud", "HttpApi": "http_api", "ApiRequest": "http_api"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
