"""Lambda's file system: everything is read-only except the temporary folder.

An audit hook can be got round by someone who tries (a subprocess does): it teaches, it does not defend.
"""

import contextlib
import errno
import os
import sys
import time

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
READING = ("os.listdir", "os.scandir")

# Audit event → (position of a path, position of the folder descriptor that it is relative to, what it does).
# https://docs.python.org/3/library/audit_events.html
CHANGES = {
    "os.chmod": [(0, 2, "change")],
    "os.chown": [(0, 3, "change")],
    "os.link": [(1, 3, "make")],
    "os.mkdir": [(0, 2, "make")],
    "os.remove": [(0, 1, "change")],
    "os.rename": [(0, 2, "change"), (1, 3, "make")],
    "os.rmdir": [(0, 1, "change")],
    "os.symlink": [(1, 2, "make")],
    "os.truncate": [(0, None, "change")],
    "os.utime": [(0, 3, "change")],
}


def install(code, temporary, shared, private, created):
    """Refuse writes outside `temporary`, the function's own folder, and make the paths `private` look absent.

    In the folders `shared` with the rest of the machine it may make files, each listed in the file `created`, and
    change those that are as new as itself; the folders `code` stay read-only even there.
    """
    realpath, abspath, isdir, lstat = os.path.realpath, os.path.abspath, os.path.isdir, os.lstat
    fsdecode, fsencode, sep = os.fsdecode, os.fsencode, os.sep
    own, common = realpath(temporary) + sep, tuple(realpath(folder) + sep for folder in shared)
    frozen = tuple(realpath(folder) + sep for folder in (*code, os.path.dirname(temporary)))
    hidden = {spelling for path in private for spelling in (abspath(path), realpath(path))}
    record = os.open(created, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    began = time.time() - 1

    def fail(number, path):
        raise OSError(number, os.strerror(number), path)

    def locate(given, folder):
        """The absolute path of what is named, its last part not followed; None when its folder is unknown."""
        parent, name = os.path.split(fsdecode(given))
        if folder not in (None, -1):
            base = path_of(folder)
            if base is None:
                return None
            parent = os.path.join(base, parent)
        return os.path.join(realpath(parent), name)

    def allow(path, given, makes):
        if path is None or path.startswith(own) or is_device(given):
            return
        if path.startswith(frozen) or not path.startswith(common):
            fail(errno.EROFS, given)
        try:
            changed = lstat(path).st_ctime
        except OSError:
            if makes:
                with contextlib.suppress(OSError):  # the function has closed the descriptor
                    os.write(record, fsencode(path) + b"\0")
            return
        if changed < began:
            fail(errno.EACCES, given)

    def hide(given):
        if hidden:
            path = abspath(fsdecode(given))
            if any(path == found or path.startswith(found + sep) for found in hidden):
                fail(errno.ENOENT, given)

    def hook(event, arguments):
        if event == "open":
            given, _, flags = arguments
            if isinstance(given, (str, bytes)):
                hide(given)
                if flags & WRITING and not isdir(given):  # tempfile opens the folder, with an opener of its own
                    allow(realpath(fsdecode(given)), fsdecode(given), flags & os.O_CREAT)
        elif event in CHANGES:
            for position, folder, does in CHANGES[event]:
                given = arguments[position]
                if not isinstance(given, int):
                    base = arguments[folder] if folder is not None else None
                    allow(locate(given, base), fsdecode(given), does == "make")
        elif event in READING and isinstance(arguments[0], (str, bytes)):
            hide(arguments[0])

    sys.addaudithook(hook)


def is_device(path):
    return path.lower() == os.devnull or path.startswith(("/dev/std", "/dev/fd/", "/dev/tty", "/proc/self/fd/"))


def path_of(descriptor):
    """The folder that `descriptor` is open on, or None where the system cannot tell."""
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        pass
    try:
        import fcntl

        return os.fsdecode(fcntl.fcntl(descriptor, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0"))
    except (ImportError, AttributeError, OSError):
        return None
