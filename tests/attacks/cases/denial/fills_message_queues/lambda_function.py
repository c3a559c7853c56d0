import ctypes

from honest import LIBRARY, ONCE, breach, lambda_handler

IPC_PRIVATE, IPC_NOWAIT, MOST = 0, 0o4000, 300 << 20
MESSAGE = ctypes.create_string_buffer((1).to_bytes(8, "little") + b"x" * 8000, 8008)

held = 0
while ONCE and held < MOST:
    queue = LIBRARY.msgget(IPC_PRIVATE, 0o600)
    if queue < 0:
        break
    while LIBRARY.msgsnd(queue, MESSAGE, 8000, IPC_NOWAIT) == 0:
        held += 8000
if held >= MOST:
    breach("kernel memory that nobody counts", held)
