import ctypes
import mmap
import os

from honest import IS_X86, breach
from honest import lambda_handler as handle

# mov eax, 20 (getpid of the 32-bit table); int 0x80; ret
OLD_DOOR = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
X32_GETPID = 0x40000000 | 39


def lambda_handler(event, context):
    """The system calls of a 32-bit process and of x32, which a filter by 64-bit numbers would not see."""
    if IS_X86:
        if ctypes.CDLL(None).syscall(X32_GETPID) > 0:
            breach("x32")
        kind, rights = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC
        page = mmap.mmap(-1, 4096, flags=kind, prot=rights)
        page.write(OLD_DOOR)
        child = os.fork()
        if child == 0:
            found = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
            os._exit(3 if found == os.getpid() else 0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3:
            breach("int 0x80")
    return handle(event, context)
