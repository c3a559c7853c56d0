import gc
import re
import sys

from honest import breach, lambda_handler, look_into

IS_A_CHECK = re.compile(r"test_(answers|stores|refuses|keeps|fails)")


def tell(value):
    if isinstance(value, str | bytes):
        look_into("memory", value.encode("utf-8", "replace") if isinstance(value, str) else value)
    elif callable(value) and IS_A_CHECK.match(getattr(value, "__name__", "") or ""):
        breach("a check in memory", value)


frame = sys._getframe()
while frame:
    for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
        tell(value)
        if isinstance(value, dict):
            look_into("frames", repr(value).encode("utf-8", "replace"))
    frame = frame.f_back
for found in gc.get_objects():
    tell(found)
    if type(found) in (dict, list, tuple, set):
        for value in found.values() if type(found) is dict else found:
            tell(value)
