import os

from honest import ONCE, breach, lambda_handler, look_into, read, run

LARGE = {".pyenv", "bin", "include", "lib", "lib64", "proc", "share", "site-packages", "sys", "usr", "hostedtoolcache"}
PLACES = ["/museum", "/work", "/home", "/root", "/run", "/srv", "/mnt", "/opt", "/var", "/tmp", "..", "../.."]
for place in PLACES if ONCE else ["/museum/course"]:
    for folder, folders, files in os.walk(place):
        folders[:] = [name for name in folders if name not in LARGE]
        for name in files:
            if name.startswith("test_means") or name in ("gradebook.db", "lab.toml"):
                breach("a file of the course", os.path.join(folder, name))
            look_into(os.path.join(folder, name), read(os.path.join(folder, name), 1 << 16))
if ONCE:
    look_into("find", run("find", "/museum", "/run", "/home", "/srv", "/mnt", "/tmp"))
