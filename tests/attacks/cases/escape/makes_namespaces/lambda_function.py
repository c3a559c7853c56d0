import os

from honest import LIBRARY, breach, lambda_handler

FLAGS = {
    "user": 0x10000000, "network": 0x40000000, "mounts": 0x20000, "processes": 0x20000000, "IPC": 0x8000000,
    "names": 0x4000000, "cgroups": 0x2000000, "user and network": 0x50000000, "time": 0x80,
}  # fmt: skip
for name, flags in FLAGS.items():
    if LIBRARY.unshare(flags) == 0:
        breach(f"a new namespace ({name})")
for name in os.listdir("/proc/self/ns"):
    for pid in (1, "self"):
        try:
            descriptor = os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY)
        except OSError:
            continue
        if LIBRARY.setns(descriptor, 0) == 0:
            breach(f"entered the namespace {name} of {pid}")
        os.close(descriptor)
