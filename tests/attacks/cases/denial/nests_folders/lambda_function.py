import os

from honest import LIBRARY, lambda_handler

here = os.getcwd()
os.chdir("/tmp")
for _ in range(1500):
    LIBRARY.mkdir(b"deeper-and-deeper", 0o700)
    LIBRARY.chdir(b"deeper-and-deeper")
LIBRARY.chmod(b".", 0)
os.chdir(here)
