import glob

from honest import lambda_handler, look_into, read, run

TABLES = [
    "/proc/net/unix",
    "/proc/net/tcp",
    "/proc/net/udp",
    "/proc/self/mountinfo",
    "/proc/self/mounts",
    "/proc/locks",
]
TABLES += ["/proc/keys", "/proc/sysvipc/shm", "/proc/sysvipc/msg", "/proc/self/cgroup", "/proc/kmsg", "/dev/kmsg"]
for path in (
    TABLES + glob.glob("/proc/[0-9]*/maps") + glob.glob("/proc/[0-9]*/mountinfo") + glob.glob("/proc/[0-9]*/comm")
):
    look_into(path, read(path))
look_into("dmesg", run("dmesg"))
look_into("mount", run("mount"))
