import glob
import os

from honest import breach, lambda_handler, open_past_hooks

# Opening them for writing is enough to know; nothing is written.
KERNELS = [
    "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory", "/proc/sysrq-trigger",
    "/proc/sys/net/ipv4/ip_forward", "/proc/1/oom_score_adj", "/proc/1/mem", "/sys/kernel/uevent_helper", "/dev/mem",
    "/sys/fs/cgroup/cgroup.procs", "/dev/kmsg", "/dev/fuse", "/dev/kvm", *glob.glob("/dev/sd*"), *glob.glob("/dev/vd*"),
]  # fmt: skip
for path in KERNELS:
    try:
        os.close(open_past_hooks(path, os.O_WRONLY))
        breach("could write to", path)
    except OSError:
        pass
for path, text in (("uid_map", b"0 0 1"), ("gid_map", b"0 0 1"), ("oom_score_adj", b"-1000")):
    try:
        descriptor = open_past_hooks(f"/proc/self/{path}", os.O_WRONLY)
    except OSError:
        continue
    try:
        os.write(descriptor, text)
        breach("wrote to", path)
    except OSError:
        pass
    os.close(descriptor)
