import os
import socket
import urllib.request

from honest import breach, lambda_handler

for url in (
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "http://169.254.170.2/v2/credentials/",
    "http://192.0.2.1/latest/meta-data/",
    f"{os.environ['AWS_ENDPOINT_URL']}/latest/meta-data/iam/security-credentials/",
):
    try:
        with urllib.request.urlopen(url, timeout=0.2) as answer:
            breach(url, answer.read(100))
    except OSError:
        pass
with socket.socket() as caller:
    caller.settimeout(0.1)
    if caller.connect_ex(("169.254.169.254", 80)) == 0:
        breach("the instance's metadata")
