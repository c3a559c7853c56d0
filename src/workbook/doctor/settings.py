"""What the user's own settings would do: proxies, and AWS credentials. Names are told, values never."""

import os
from ipaddress import ip_address, ip_network

from workbook.doctor.finding import LAB, Finding, ok, warning
from workbook.doctor.surroundings import Surroundings

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
LOOPBACK = ip_address("127.0.0.1")
CREDENTIAL_WORDS = ("KEY", "TOKEN", "PROFILE", "CREDENTIALS", "CONFIG_FILE", "ROLE")
CREDENTIAL_FILES = (".aws/credentials", ".aws/config", ".boto")


def check_proxies(place: Surroundings) -> Finding:
    """A proxy that would also be asked for 127.0.0.1, where scripts and notebooks reach the local cloud."""
    proxies = sorted(name for name, value in place.variables.items() if name.upper() in PROXIES and value)
    if not proxies:
        return ok("proxies", "none set")
    exceptions = ",".join(value for name, value in place.variables.items() if name.upper() == "NO_PROXY")
    if any(_covers_loopback(entry.strip()) for entry in exceptions.split(",")):
        return ok("proxies", f"{', '.join(proxies)} set, 127.0.0.1 excepted")
    return warning(
        "proxies",
        f"{', '.join(proxies)} set, and NO_PROXY does not name 127.0.0.1: scripts and notebooks would ask the proxy "
        "for the local cloud",
        "Add 127.0.0.1,localhost to NO_PROXY.",
    )


def check_credentials(place: Surroundings) -> Finding:
    """AWS settings and credentials of the user's; functions in labs never see them."""
    variables = sorted(name for name, value in place.variables.items() if name.upper().startswith("AWS_") and value)
    credentials = [name for name in variables if any(word in name.upper() for word in CREDENTIAL_WORDS)]
    files = [f"~/{name}" for name in CREDENTIAL_FILES if os.path.lexists(place.home / name)]
    if credentials or files:
        unset = ", or unset the variables in this terminal" if credentials else ""
        return warning(
            "credentials",
            f"{', '.join([*credentials, *files])}: harmless to the labs, whose functions never see them; but Python "
            "started by hand uses them on real AWS",
            f"Run scripts with {LAB} run LAB SCRIPT, which keeps them out{unset}.",
        )
    if variables:
        return ok("credentials", f"none; functions do not see your settings {', '.join(variables)} either")
    return ok("credentials", "none of yours are here, and none are needed")


def _covers_loopback(entry: str) -> bool:
    if entry == "*":
        return True
    try:
        return LOOPBACK in ip_network(entry, strict=False)
    except ValueError:
        return False
