"""Lambda's file system: everything is read-only except the temporary folder.

An audit hook can be got round by someone who tries (a subprocess does): it teaches, it does not defend.
"""

import contextlib
import errno
import os
import sys

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {
    "os.chmod": (0,),
    "os.chown": (0,),
    "os.link": (1,),
    "os.mkdir": (0,),
    "os.remove": (0,),
    "os.rename": (0, 1),
    "os.rmdir": (0,),
    "os.symlink": (1,),
    "os.truncate": (0,),
    "os.utime": (0,),
}


def install(task_root, writable, private, created):
    """Refuse writes below `task_root` and outside `writable`, make `private` look absent, and list in the file
    `created` what is made in writable folders other than the first, to be removed when the environment ends."""
    resolve, inside = os.path.realpath, os.path.commonpath
    own, shared = [resolve(folder) for folder in writable[:1]], [resolve(folder) for folder in writable[1:]]
    hidden, frozen = [resolve(folder) for folder in private], [resolve(task_root)]
    record = os.open(created, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def is_in(path, folders):
        for folder in folders:
            try:
                if inside((path, folder)) == folder:
                    return True
            except ValueError:  # another drive
                continue
        return False

    def allow_write(given, makes):
        path = resolve(os.fsdecode(given))
        if is_in(path, own) or path.startswith(("/dev/", "/proc/self/")) or path == "NUL":
            return
        if is_in(path, shared) and not is_in(path, frozen):
            if makes and not os.path.lexists(path):
                with contextlib.suppress(OSError):
                    os.write(record, os.fsencode(path) + b"\0")
            return
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fsdecode(given))

    def hook(event, arguments):
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int) or path is None:
                return
            if hidden and is_in(resolve(os.fsdecode(path)), hidden):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fsdecode(path))
            if flags & WRITING:
                allow_write(path, flags & os.O_CREAT)
        elif event in CHANGES:
            for position in CHANGES[event]:
                if not isinstance(arguments[position], int):
                    allow_write(arguments[position], event in ("os.mkdir", "os.link", "os.symlink", "os.rename"))

    sys.addaudithook(hook)
