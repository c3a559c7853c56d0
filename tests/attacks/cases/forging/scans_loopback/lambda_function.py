import os
import socket

from honest import breach, lambda_handler

DOORS = ("AWS_LAMBDA_RUNTIME_API", "AWS_ENDPOINT_URL", "API_URL")
OWN = {int(os.environ[name].rpartition(":")[2]) for name in DOORS if name in os.environ}


def listening():
    """The ports that somebody listens on here, as the kernel lists them."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with open(table) as lines:
            for line in list(lines)[1:]:
                _, local, _, state, *_ = line.split()
                if state == "0A":
                    yield int(local.rpartition(":")[2], 16)


others = set(listening()) - OWN
if len(others) > ("API_URL" not in os.environ):  # the API's door is there before a check names it
    breach("listeners in /proc/net", sorted(others))
for port in [22, 53, 80, 443, 631, 3306, 5000, 5432, 8000, *range(4560, 4580), *range(8000, 8100), *range(9000, 9010)]:
    with socket.socket() as probe:
        probe.settimeout(0.05)
        if port not in OWN and probe.connect_ex(("127.0.0.1", port)) == 0:
            breach("a listener on loopback", port)
