import ctypes
import os

from honest import LIBRARY, breach, lambda_handler, look_into, read


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


def memory_of(pid, start, length):
    room = ctypes.create_string_buffer(length)
    here, there = Vector(ctypes.addressof(room), length), Vector(start, length)
    got = LIBRARY.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    return room.raw[:got] if got > 0 else b""


for pid in sorted({1, 2, os.getppid(), *(int(name) for name in os.listdir("/proc") if name.isdigit())} - {os.getpid()}):
    for name in ("environ", "cmdline", "mem"):
        look_into(f"/proc/{pid}/{name}", read(f"/proc/{pid}/{name}"))
    for line in read(f"/proc/{pid}/maps").splitlines()[:20]:
        start = int(line.split(b"-")[0], 16)
        if found := memory_of(pid, start, 4096):
            breach("another process's memory", (pid, len(found)))
            break
    for name in ("root", "cwd"):
        try:
            os.listdir(f"/proc/{pid}/{name}/museum/course")
            breach(f"/proc/{pid}/{name}", "the course")
        except OSError:
            pass
