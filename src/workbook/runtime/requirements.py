"""A lab's locked requirements, installed for this machine into a folder that a function takes as a layer."""

import hashlib
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path


class RequirementsMissing(RuntimeError):
    """The wheels that a lock names are not all here; the text says what to do."""


def install(lock: Path, wheels: Path, cache: Path) -> Path:
    """Install the hashed requirements in `lock` from the folder `wheels`, without the network; return their folder
    below `cache`.

    They are kept by the lock's content, Python's version and the machine, so a second call costs a look. The modules
    are compiled, since a function may write no bytecode. Raises RequirementsMissing.
    """
    folder = cache / _key(lock)
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".installing-", ignore_cleanup_errors=True) as temporary:
        target = Path(temporary, "layer")
        target.mkdir()
        _run_uv(lock, wheels, target)
        (target / ".lock").unlink(missing_ok=True)  # uv's own, against a second uv in the same folder
        try:
            os.rename(target, folder)
        except OSError:
            if not folder.is_dir():  # else another process was faster with the same
                raise
    return folder


def _key(lock: Path) -> str:
    machine = f"{sys.implementation.cache_tag} {platform.system()} {platform.machine()}"
    return hashlib.sha256(lock.read_bytes() + machine.encode()).hexdigest()[:32]


def _run_uv(lock: Path, wheels: Path, target: Path) -> None:
    command = [
        sys.executable, "-m", "uv", "pip", "install", "--offline", "--no-config", "--no-index", "--find-links",
        str(wheels), "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy", "--compile-bytecode",
        "--python", sys.executable, "--target", str(target), "--requirements", str(lock),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        raise RequirementsMissing(
            f"The requirements in {lock.name} of {lock.parent.name} could not be installed from what set-up has "
            f"fetched. Run ./lab setup (py lab setup on Windows), then try again.\n{done.stderr.strip()}"
        )
