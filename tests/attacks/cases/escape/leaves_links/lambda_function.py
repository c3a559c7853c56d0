from honest import LIBRARY, lambda_handler

TARGETS = [
    b"/museum/home/.aws/credentials",
    b"/museum/home",
    b"/museum/course",
    b"/",
    b"/proc/self/root",
    b"/etc/passwd",
]
LIBRARY.mkdir(b"/tmp/a", 0o700)
LIBRARY.mkdir(b"/tmp/a/b", 0o700)
for number, target in enumerate(TARGETS):
    for folder in (b"/tmp", b"/tmp/a", b"/tmp/a/b", b"/dev/shm"):
        LIBRARY.symlink(target, b"%s/link-%d" % (folder, number))
LIBRARY.symlink(b"/tmp/a/b", b"/tmp/a/b/round")
LIBRARY.mkfifo(b"/tmp/fifo", 0o600)
LIBRARY.mkfifo(b"/tmp/a/log", 0o600)
LIBRARY.chmod(b"/tmp/a/b", 0)
