"""Files that look as if they held a secret: what never belongs into a package."""

import re
from collections.abc import Callable

_FILES = re.compile(
    r"\.env(?!\.(example|sample|template|dist)$)(\..+)?|credentials(\.(csv|json|ini|toml|ya?ml))?|\.netrc|_netrc"
    r"|\.pypirc|\.git-credentials|\.boto|\.s3cfg|\.pgpass|accessKeys\.csv|rootkey\.csv|id_(rsa|dsa|ecdsa|ed25519)"
    r"|.+\.(key|p12|pfx|ppk|jks|keystore|kdbx)",
    re.IGNORECASE,
)
_FOLDERS = {".aws", ".ssh", ".gnupg", ".azure", ".kube"}


def looks_secret(name: str, read: Callable[[], bytes]) -> bool:
    """Whether the file at `name` (parted by `/`) looks secret; only a `.pem` file is read for it.

    A `.pem` file that holds certificates or public keys alone is none.
    """
    *folders, file = name.split("/")
    if _FOLDERS.intersection(folders) or _FILES.fullmatch(file):
        return True
    return file.lower().endswith(".pem") and not _is_public(read())


def _is_public(content: bytes) -> bool:
    kinds = re.findall(rb"-----BEGIN ([A-Z0-9 ]+)-----", content)
    return bool(kinds) and all(kind.endswith((b"CERTIFICATE", b"PUBLIC KEY")) for kind in kinds)
