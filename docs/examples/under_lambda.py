"""Invokes a function under Lambda's rules, and looks at what it left."""

# --8<-- [start:invoke]
from pathlib import Path

from workbook.lab import open_lab

lab = open_lab(3)
function = lab.function(Path("docs/examples/store.py").read_text())

invocation = function.invoke({"harbour": "north", "day": "2026-01-15", "metres": 1.8})
print(invocation.payload)
print([call.operation for call in lab.calls])

failed = function.configure(environment={"BUCKET_NAME": "no-such-bucket"}).invoke(
    {"harbour": "north", "day": "2026-01-16", "metres": 2.1}
)
print(failed.error.type)
# --8<-- [end:invoke]
