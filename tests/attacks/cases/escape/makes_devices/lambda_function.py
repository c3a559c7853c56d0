import os
import stat

from honest import breach, lambda_handler, open_past_hooks, refused

for name, kind, major, minor in (
    ("mem", stat.S_IFCHR, 1, 1),
    ("disk", stat.S_IFBLK, 254, 0),
    ("kmsg", stat.S_IFCHR, 1, 11),
):
    refused(f"the device {name}", os.mknod, f"/tmp/{name}", kind | 0o666, os.makedev(major, minor))
for path in ("/dev/console", "/dev/tty", "/dev/ptmx"):
    try:
        descriptor = open_past_hooks(path, os.O_RDWR)
    except OSError:
        continue
    if path != "/dev/ptmx":
        breach("a terminal", path)
    os.close(descriptor)
