from honest import IS_X86, LIBRARY, breach, call, lambda_handler

MS_BIND, MS_REMOUNT, MS_MOVE = 4096, 32, 8192
ATTEMPTS = [
    ("a tmpfs", (b"none", b"/tmp", b"tmpfs", 0, None)),
    ("a proc", (b"proc", b"/proc", b"proc", 0, None)),
    ("a bind mount", (b"/", b"/tmp", None, MS_BIND, None)),
    ("/ writable", (None, b"/", None, MS_REMOUNT | MS_BIND, None)),
    ("/var/task writable", (None, b"/var/task", None, MS_REMOUNT | MS_BIND, None)),
    ("a moved mount", (b"/tmp", b"/dev/shm", None, MS_MOVE, None)),
    ("an overlay", (b"none", b"/tmp", b"overlay", 0, b"lowerdir=/,upperdir=/tmp,workdir=/tmp")),
]
for what, arguments in ATTEMPTS:
    if LIBRARY.mount(*arguments) == 0:
        breach(f"mounted {what}")
for path in (b"/tmp", b"/proc", b"/dev/shm", b"/dev", b"/", b"/run/bench"):
    if LIBRARY.umount2(path, 2) == 0:
        breach("unmounted", path)
if LIBRARY.chroot(b"/tmp") == 0:
    breach("a root of its own")
call("pivot_root", 155 if IS_X86 else 41, b"/tmp", b"/tmp")
for name, number in {"open_tree": 428, "fsopen": 430, "mount_setattr": 442, "move_mount": 429}.items():
    call(name, number, -100, b"/", 0, 0, 0)
call("fsopen tmpfs", 430, b"tmpfs", 0)
