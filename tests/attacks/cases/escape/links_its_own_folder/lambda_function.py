import os
import tempfile

from honest import LIBRARY, lambda_handler

# Links where the bench may look for a function's temporary folder, its log and the list of what it made.
own = os.fsencode(tempfile.gettempdir())
for name in (b"log", b"created", b"empty", b"tmp", b"../log", b"../created", b"../empty", b"../tmp"):
    path = os.path.join(own, name)
    LIBRARY.unlink(path)
    LIBRARY.symlink(b"/museum/home/.aws/credentials", path)
LIBRARY.rename(own, own + b"-moved")
LIBRARY.symlink(b"/museum/home", own)
