import os
import urllib.error
import urllib.request

from honest import breach, lambda_handler

ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
for method, path in (
    ("POST", "/moto-api/reset"), ("POST", "/moto-api/reset-auth"), ("GET", "/moto-api/data.json"),
    ("POST", "/moto-api/recorder/start-recording"), ("POST", "/moto-api/seed?a=42"), ("POST", "/moto-api/config"),
    ("GET", "/moto-api/"), ("GET", "//moto-api/data.json"), ("GET", "/%6doto-api/data.json"),
    ("GET", "/latest/meta-data/iam/security-credentials/"), ("PUT", "/latest/api/token"),
):  # fmt: skip
    for host in ("127.0.0.1", "motoapi.amazonaws.com", "s3.amazonaws.com"):
        request = urllib.request.Request(
            ENDPOINT + path, b"" if method != "GET" else None, {"Host": host}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=1) as answer:
                breach(path, answer.read(200))
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
