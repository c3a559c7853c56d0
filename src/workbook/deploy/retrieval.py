"""The deployed zip, fetched from where Lambda keeps it."""

import urllib.request
from urllib.error import URLError
from urllib.parse import urlsplit

from workbook.deploy.aws.account import Account
from workbook.deploy.aws.trouble import Trouble
from workbook.deploy.package.archive import MAX_ZIP_BYTES

SECONDS = 60


def fetch(account: Account, location: str) -> bytes:
    """The zip at `location`, an address that Lambda gave out and that is a secret for its ten minutes. Raises Trouble.

    A local cloud may give out an address at Amazon, where its zip is not: that is not asked.
    """
    address = urlsplit(location)
    if not account.is_at_amazon and address.netloc != urlsplit(account.endpoint).netloc:
        raise Trouble("this cloud does not hand out the code that it keeps")
    if account.is_at_amazon and address.scheme != "https":
        raise Trouble("Lambda gave out no address at which the code can be fetched")
    try:
        with urllib.request.urlopen(location, timeout=SECONDS) as answer:
            content: bytes = answer.read(MAX_ZIP_BYTES + 1)
    except (URLError, OSError, ValueError) as error:
        raise Trouble(f"the code could not be fetched ({type(error).__name__})") from None
    return content
