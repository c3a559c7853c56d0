import ctypes

from honest import IS_X86, call, lambda_handler

NUMBERS = {  # x86_64, aarch64
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "memfd_create": (319, 279),
    "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "bpf": (321, 280), "perf_event_open": (298, 241),
    "shmget": (29, 194), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "init_module": (175, 105),
    "kexec_load": (246, 104), "swapon": (167, 224), "reboot": (169, 142), "sethostname": (170, 161), "acct": (163, 89),
    "settimeofday": (164, 170), "quotactl": (179, 60), "memfd_secret": (447, 447), "syslog": (103, 116),
}  # fmt: skip
ROOM = ctypes.create_string_buffer(512)
ARGUMENTS = {
    "memfd_create": (b"x", 0), "userfaultfd": (1,), "io_uring_setup": (4, ROOM), "shmget": (0, 4096, 0o1600),
    "keyctl": (0, -3, 1), "add_key": (b"user", b"x", b"y", 1, -3), "memfd_secret": (0,), "syslog": (3, ROOM, 512),
    "sethostname": (b"mine", 4), "bpf": (0, ROOM, 120), "perf_event_open": (ROOM, 0, -1, -1, 0),
}  # fmt: skip
for name, numbers in NUMBERS.items():
    call(name, numbers[not IS_X86], *ARGUMENTS.get(name, (0, 0, 0, 0, 0)))
