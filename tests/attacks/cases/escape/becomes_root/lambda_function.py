import ctypes
import glob
import os
import stat

from honest import LIBRARY, breach, lambda_handler, run

for what, change in (
    ("setuid", lambda: os.setuid(0)), ("setreuid", lambda: os.setreuid(0, 0)), ("setresuid", lambda: os.setresuid(0, 0, 0)),
    ("setgid", lambda: os.setgid(0)), ("setgroups", lambda: os.setgroups([0, 27])),
):  # fmt: skip
    try:
        before = os.getuid(), os.getgid(), os.getgroups()
        change()
        if (os.getuid(), os.getgid(), os.getgroups()) != before:
            breach(what)
    except OSError:
        pass
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
if LIBRARY.capset(header, (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)) == 0:
    breach("capset")
held = [
    line for line in open("/proc/self/status") if line.startswith(("CapEff", "CapPrm", "CapInh", "CapAmb", "CapBnd"))
]
if any(int(line.split()[1], 16) for line in held):
    breach("capabilities", held)
for command in (
    ["su", "-c", "id -u"],
    ["sudo", "-n", "id", "-u"],
    ["mount", "-t", "tmpfs", "none", "/tmp"],
    ["newgrp", "root"],
):
    if run(*command, seconds=1).strip() == b"0":
        breach("became root by", command)
with open("/tmp/mine", "wb") as file:
    file.write(b"#!/bin/sh\nid -u\n")
os.chmod("/tmp/mine", 0o6755)
if run("/tmp/mine").strip() == b"0":
    breach("a setuid file of its own")
if any(stat.S_ISBLK(os.lstat(path).st_mode) for path in glob.glob("/dev/*")):
    breach("a disk in /dev")
