import http.client
import json
import urllib.parse

from harbour.failures import Failure


def reading_of(settings, station):
    address = urllib.parse.urlsplit(settings.url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname, address.port, timeout=settings.timeout)
    try:
        connection.request("GET", f"{address.path}/readings/{station}", headers={"X-Api-Key": settings.key})
        response = connection.getresponse()
        status, text = response.status, response.read()
    except TimeoutError as error:
        raise Failure("timeout", f"waited {settings.timeout} s") from error
    except (OSError, http.client.HTTPException) as error:
        raise Failure("connection", f"{type(error).__name__} at {address.netloc}") from error
    finally:
        connection.close()
    if status != 200:
        raise Failure("http", f"status {status}", upstream_status=status)
    try:
        return json.loads(text)
    except ValueError as error:
        raise Failure("parsing", "no JSON") from error
