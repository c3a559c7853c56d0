import fcntl
import glob
import os

from honest import breach, lambda_handler, open_past_hooks

TIOCSTI, TIOCLINUX, TIOCCONS = 0x5412, 0x541C, 0x541D
opened = [0, 1, 2]
for path in ["/dev/tty", "/dev/console", "/dev/tty0", "/dev/tty1", *glob.glob("/dev/pts/*")]:
    try:
        opened.append(open_past_hooks(path, os.O_RDWR))
    except OSError:
        pass
for descriptor in opened:
    for request in (TIOCSTI, TIOCLINUX, TIOCCONS):
        try:
            fcntl.ioctl(descriptor, request, b"\n")
            breach("typed into", (descriptor, hex(request)))
        except OSError:
            pass
