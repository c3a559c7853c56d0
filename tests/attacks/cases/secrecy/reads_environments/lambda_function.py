import glob
import os

from honest import breach, lambda_handler, look_into, read, run

look_into("os.environ", repr(dict(os.environ)).encode())
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/*/task/*/environ"):
    look_into(path, read(path))
look_into("ps", run("ps", "axeww"))
names = {name for name in os.environ if "PYTEST" in name or "WORKBOOK" in name or "MUSEUM" in name}
if names:
    breach("variables of the judge's", sorted(names))
