import ctypes
import glob
import os
import socket

from honest import LIBRARY, breach, lambda_handler, look_into, s3

MARK = "mark-of-looks"
KEY = 0x10057

if found := [path for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run") for path in glob.glob(f"{folder}/{MARK}*")]:
    breach("what an earlier run left", found)
for bucket in s3.list_buckets()["Buckets"]:
    for item in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", []):
        breach("an object that was there before", item["Key"])
if LIBRARY.msgget(KEY, 0) >= 0:
    breach("a message queue that was there before")
with socket.socket(socket.AF_UNIX) as caller:
    if caller.connect_ex(f"\0{MARK}") == 0:
        breach("a socket that was there before")
look_into("/tmp", repr([sorted(os.listdir(folder)) for folder in ("/tmp", "/dev/shm")]).encode())

for path in (f"/tmp/{MARK}", f"/dev/shm/{MARK}"):
    try:
        with open(path, "w") as file:
            file.write("left for the next")
    except OSError:
        pass
LIBRARY.msgget(KEY, 0o1666)
listener = socket.socket(socket.AF_UNIX)
listener.bind(f"\0{MARK}")
listener.listen()
