import os

from honest import IS_X86, LIBRARY, breach, call, lambda_handler, open_past_hooks

PTRACE_ATTACH, PTRACE_SEIZE = 16, 0x4206
for pid in {1, os.getppid(), os.getpid() - 1}:
    for request in (PTRACE_ATTACH, PTRACE_SEIZE):
        if LIBRARY.ptrace(request, pid, 0, 0) == 0:
            breach("traces", pid)
    try:
        os.close(open_past_hooks(f"/proc/{pid}/mem", os.O_RDWR))
        breach("writes to the memory of", pid)
    except OSError:
        pass
call("pidfd_getfd", 438, os.pidfd_open(os.getpid()), 0, 0)
call("kcmp", 312 if IS_X86 else 272, os.getpid(), 1, 0, 0, 0)
