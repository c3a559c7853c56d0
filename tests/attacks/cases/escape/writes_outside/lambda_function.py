import os

from honest import LIBRARY, breach, lambda_handler, look_into, read, run

OWN = ("/tmp", "/dev/shm", "/proc")
mounted = {line.split()[4].decode() for line in read("/proc/self/mountinfo").splitlines()}
folders = {
    "/",
    "/etc",
    "/usr",
    "/usr/lib",
    "/var",
    "/var/task",
    "/var/tmp",
    "/run",
    "/home",
    "/root",
    "/dev",
    "/museum",
}
folders |= {
    "/dev/mqueue",
    "/sys",
    "/sys/fs/cgroup",
    "/opt",
    "/mnt",
    os.getcwd(),
    os.path.dirname(os.__file__),
} | mounted
for folder in sorted(folders):
    if folder.startswith(OWN) or not os.path.isdir(folder):
        continue
    path = os.path.join(folder, "museum-was-here")
    descriptor = LIBRARY.open(os.fsencode(path), os.O_CREAT | os.O_WRONLY, 0o600)
    if descriptor >= 0:
        breach("wrote to", path)
        os.close(descriptor)
        LIBRARY.unlink(os.fsencode(path))
    if LIBRARY.mkdir(os.fsencode(path), 0o700) == 0:
        breach("made a folder in", folder)
        LIBRARY.rmdir(os.fsencode(path))
look_into("touch", run("sh", "-c", "echo x > /var/task/museum-was-here && cat /var/task/museum-was-here"))
if os.path.exists("/var/task/museum-was-here"):
    breach("changed its code")
