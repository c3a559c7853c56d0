"""bubblewrap's command lines: one wall around a bench, one inside it around the functions that it judges.

https://github.com/containers/bubblewrap: its arguments are the whole policy.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import workbook
from workbook.runtime.launchers.spawn import CHILD

SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime",
)  # fmt: skip
INTERPRETER = tuple(dict.fromkeys(map(Path, (sys.prefix, sys.base_prefix))))
PACKAGE = Path(workbook.__file__).resolve().parent
PLAIN_USER = 61_184  # the first of systemd's dynamic users, of which no file is anybody's: for a bench started by root
SEARCHED = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BENCH_BYTES = 2 * 1024**3  # of a bench's folder: what one submission's functions log, and their code
BENCH_FOLDER = Path("/tmp/workbook")  # the one place where a bench can write
BENCH_IN_TEMPLATE = Path("/run/bench")
APART = ("--unshare-user", "--unshare-ipc", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")

# Run by root: bind what a plain user may not reach to places that it may, out of everyone else's sight, then go on as
# that user. $1 a folder to hide them in, $2 the user; then pairs of a source and a name in that folder, then "--".
AS_PLAIN_USER = """set -e
folder=$1 user=$2
shift 2
mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$folder"
while [ "$1" != -- ]; do
    if [ -d "$1" ]; then mkdir "$folder/$2"; else : > "$folder/$2"; fi
    mount --bind "$1" "$folder/$2"
    shift 2
done
shift
exec setpriv --reuid="$user" --regid="$user" --clear-groups --inh-caps=-all -- "$@"
"""


def find() -> str | None:
    """Where bubblewrap is installed."""
    return shutil.which("bwrap", path=SEARCHED)


def run_module(name: str, *arguments: str) -> list[str]:
    """The command line that runs a module of this workbook in an interpreter that takes no settings from outside."""
    place = str(PACKAGE.parent)
    start = f"import runpy, sys; {place!r} in sys.path or sys.path.insert(0, {place!r}); "
    return [sys.executable, "-I", "-B", "-c", f"{start}runpy.run_module({name!r}, run_name='__main__')", *arguments]


def around_bench(command: Sequence[str], readable: Sequence[Path]) -> list[str]:
    """The command line that runs `command` without network, with nothing of this machine in sight but Python, the
    workbook's package and what is `readable`; nothing can be written outside BENCH_FOLDER, its own."""
    places = _outermost([*INTERPRETER, PACKAGE, *readable])
    staged = _Staging(places) if os.geteuid() == 0 else None
    sources = {place: staged.of(place) if staged else place for place in places}
    wall = [
        find() or "bwrap", *APART, "--unshare-pid", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "--setenv", "LANG", "C.UTF-8", "--setenv", "TZ", "UTC",
        *_system(), "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", str(BENCH_IN_TEMPLATE),
        *(part for place, source in sources.items() for part in ("--ro-bind", str(source), str(place))),
        *_settings(staged.of(PACKAGE) if staged else PACKAGE),
        "--size", str(BENCH_BYTES), "--perms", "0700", "--tmpfs", str(BENCH_FOLDER),
        "--setenv", "TMPDIR", str(BENCH_FOLDER), "--chdir", str(BENCH_FOLDER),
        "--remount-ro", "/tmp", "--remount-ro", "/dev", "--remount-ro", "/",
    ]  # fmt: skip
    return [*(staged.command() if staged else ()), *wall, "--", *command]


def seen_by_template(readable: Sequence[Path]) -> list[Path]:
    """The places that the process sees that functions are forked from: Python, the runtime's first code, and what is
    `readable`."""
    return _outermost([*INTERPRETER, CHILD, *readable])


def around_template(places: Sequence[Path]) -> list[str]:
    """The beginning of a command line, inside a bench, for the process that functions are forked from: it sees the
    `places`, and the bench's folder in another place. Its /dev/zero opens for nobody: mapped and shared, it would be
    memory that is nobody's."""
    return [
        find() or "bwrap", *APART, "--die-with-parent", "--cap-drop", "ALL",
        *_system(),
        "--proc", "/proc", "--dev", "/dev", "--ro-bind", "/dev/null", "/dev/zero", "--dir", "/tmp",
        *(part for place in places for part in ("--ro-bind", str(place), str(place))),
        "--ro-bind", str(BENCH_FOLDER), str(BENCH_IN_TEMPLATE),
        *_settings(PACKAGE),
        "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/", "--",
    ]  # fmt: skip


def _system() -> Iterator[str]:
    for name in SYSTEM:
        if os.path.islink(name):
            yield from ("--symlink", os.readlink(name), name)
        elif os.path.exists(name):
            yield from ("--ro-bind", name, name)


def _settings(package: Path) -> Iterator[str]:
    """Two files without which `localhost` has no address."""
    for name in ("hosts", "nsswitch.conf"):
        yield from ("--ro-bind", str(package / "sandbox" / "etc" / name), f"/etc/{name}")


def _outermost(places: Sequence[Path]) -> list[Path]:
    """The places that exist, without those that lie in another or in what every process sees."""
    found = sorted({place.absolute() for place in places if place.exists()})
    return [place for place in found if not {*found, Path("/usr")} & set(place.parents) and place != Path("/usr")]


class _Staging:
    """Places bound where a plain user reaches them."""

    def __init__(self, places: Sequence[Path]) -> None:
        self._places = places
        self._folder = next(
            Path(name)
            for name in ("/mnt", "/media", "/srv", "/opt")
            if os.path.isdir(name) and not any(place.is_relative_to(name) for place in places)
        )

    def of(self, path: Path) -> Path:
        """Where a place is bound, or what lies in one."""
        number, place = next((n, place) for n, place in enumerate(self._places) if path.is_relative_to(place))
        return self._folder / str(number) / path.relative_to(place)

    def command(self) -> list[str]:
        pairs = [part for place in self._places for part in (str(place), self.of(place).name)]
        return [
            "unshare", "--mount", "--propagation", "private", "--", "sh", "-c", AS_PLAIN_USER, "sh",
            str(self._folder), str(PLAIN_USER), *pairs, "--",
        ]  # fmt: skip
