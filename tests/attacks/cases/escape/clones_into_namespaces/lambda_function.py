import ctypes
import os

from honest import IS_X86, LIBRARY, breach, lambda_handler

SIGCHLD = 17
CLONE, CLONE3 = (56, 435) if IS_X86 else (220, 435)


def clone(flags):
    pid = LIBRARY.syscall(CLONE, flags | SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    return pid


def clone3(flags):
    arguments = (ctypes.c_uint64 * 11)(flags, 0, 0, 0, SIGCHLD)
    pid = LIBRARY.syscall(CLONE3, ctypes.byref(arguments), ctypes.sizeof(arguments))
    if pid == 0:
        os._exit(0)
    return pid


for way in (clone, clone3):
    for flags in (0x10000000, 0x50000000, 0x10020000, 0x30000000):
        if (pid := way(flags)) > 0:
            breach(f"{way.__name__} with {flags:#x}")
            os.waitpid(pid, 0)
