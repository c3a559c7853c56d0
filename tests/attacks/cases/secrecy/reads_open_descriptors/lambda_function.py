import os

from honest import breach, lambda_handler, look_into

for descriptor in range(256):
    try:
        target = os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:
        continue
    look_into(f"descriptor {descriptor}", target.encode())
    try:
        names = os.listdir(descriptor)
        breach("an open folder", (target, names[:5]))
    except OSError:
        pass
    for way in ("..", "../..", "/"):
        try:
            if way != "/":
                os.close(os.open(way, os.O_RDONLY, dir_fd=descriptor))
                breach("the way up from a descriptor", target)
        except OSError:
            pass
    if target.startswith("/") and not target.startswith(("/dev/null", "/usr/", "/var/task", "/proc/")):
        try:
            look_into(target, os.pread(descriptor, 1 << 16, 0))
        except OSError:
            pass
