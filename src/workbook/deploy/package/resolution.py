"""A function's dependencies, resolved and installed for Lambda from whatever computer this is."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from workbook.deploy.package.target import Target

# Settings of the user's that would install something else, or elsewhere. Proxies, indexes and certificates stay.
REDIRECTIONS = {
    "PIP_PLATFORM", "PIP_PREFIX", "PIP_PYTHON", "PIP_REQUIRE_HASHES", "PIP_ROOT", "PIP_TARGET", "PIP_USER",
    "PYTHONHOME", "PYTHONPATH", "UV_BUILD_CONSTRAINT", "UV_CONSTRAINT", "UV_OVERRIDE", "UV_PRERELEASE", "UV_PYTHON",
    "UV_REQUIRE_HASHES", "UV_RESOLUTION", "UV_SYSTEM_PYTHON",
}  # fmt: skip
NETWORK = re.compile(
    r"error sending request|dns error|Failed to fetch|Could not connect|Connection refused|timed out|ProxyError"
    r"|Failed to establish a new connection|name resolution|Network is unreachable"
    r"|network was disabled",
    re.IGNORECASE,
)


class ResolutionError(ValueError):
    """No set of wheels answers the requirements on the target; the text holds the tool's reason and what to try."""


class Unreachable(RuntimeError):
    """What is needed is not here and the package index cannot be reached; or there is no tool to install with."""


@dataclass(frozen=True)
class Request:
    """`requirements` is a requirements file; `hashed`: it is a full lock with hashes, so nothing is resolved.
    `wheels` is the folder that set-up fetched wheels into, if there is one."""

    requirements: Path
    hashed: bool
    target: Target
    wheels: Path | None = None


def install(request: Request, folder: Path) -> list[str]:
    """Install what is asked for into `folder`, empty or not there yet, and return warnings for the user.

    Without the network when set-up's wheels are enough. Raises ResolutionError, Unreachable.
    """
    use_uv = find_spec("uv") is not None
    if not use_uv and find_spec("pip") is None:
        raise Unreachable("Neither uv nor pip is installed here. Run ./lab setup (py lab setup on Windows).")
    command = _uv(request, folder) if use_uv else _pip(request, folder)
    offline = ["--offline", "--no-config"] if use_uv else []
    words = ""
    if request.wheels and any(request.wheels.glob("*.whl")):
        near = ["--find-links", str(request.wheels)]
        if not _run([*command, *offline, "--no-index", *near], folder.parent):
            return [] if use_uv else [_warn_of_pip(request)]
        command += near
    if words := _run(command, folder.parent):
        raise _explain(words, request)
    return [] if use_uv else [_warn_of_pip(request)]


def _uv(request: Request, folder: Path) -> list[str]:
    hashed = ["--require-hashes", "--no-deps"] if request.hashed else []
    return [
        sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable,
        "--python-platform", request.target.uv_platform, "--python-version", request.target.version,
        "--only-binary", ":all:", "--no-compile-bytecode", "--link-mode", "copy", *hashed,
        "--target", str(folder), "--requirements", str(request.requirements),
    ]  # fmt: skip


def _pip(request: Request, folder: Path) -> list[str]:
    hashed = ["--require-hashes", "--no-deps"] if request.hashed else []
    platforms = [option for name in request.target.platforms for option in ("--platform", name)]
    return [
        sys.executable, "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
        "--no-compile", "--implementation", "cp", "--python-version", request.target.version, *platforms,
        "--only-binary", ":all:", *hashed, "--target", str(folder), "--requirement", str(request.requirements),
    ]  # fmt: skip


def _warn_of_pip(request: Request) -> str:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    leak = "" if here == request.target.version else f", and pip reads markers by this Python {here}"
    return f"Packed with pip, since uv is not installed: slower{leak}. Run ./lab setup (py lab setup on Windows)."


def _run(command: list[str], folder: Path) -> str:
    """Run the tool in `folder`, away from any project's settings; return its words when it fails, else ""."""
    environment = {name: value for name, value in os.environ.items() if name.upper() not in REDIRECTIONS}
    environment |= {"UV_PYTHON_DOWNLOADS": "never", "UV_HTTP_RETRIES": "1", "NO_COLOR": "1"}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        return str(error)
    return (done.stdout.strip() or f"exit code {done.returncode}") if done.returncode else ""


def _explain(words: str, request: Request) -> ResolutionError | Unreachable:
    if NETWORK.search(words):
        return Unreachable(
            f"{request.requirements.name} asks for what is not among the wheels that set-up fetched, and the package "
            "index cannot be reached. Try again with the network (behind a proxy, set HTTPS_PROXY)."
        )
    cure = (
        "The hashes are those of other files: has the lock been edited? Write it anew, or remove it."
        if "hash" in words.lower()
        else "Choose a version that has a wheel for that: Lambda cannot build one."
    )
    said = " ".join(line.strip() for line in words.splitlines()[-6:] if not line.startswith(("hint", "Using")))
    return ResolutionError(
        f"{request.requirements.name} cannot be installed for {request.target}. {said.strip()[:600]}\n{cure}"
    )
