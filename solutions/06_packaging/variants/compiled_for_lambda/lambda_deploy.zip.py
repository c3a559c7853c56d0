"""A compiled package too, from the wheel that Lambda's system and Python take."""

from workbook.deploy.package.bundle import Bundle

SPEEDUPS = "markupsafe/_speedups.cpython-313-x86_64-linux-gnu.so"
NOTES = "MarkupSafe-3.0.3.dist-info"
ELF_X86_64 = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00"


def make(files):
    wheel = {
        "markupsafe/__init__.py": b"",
        SPEEDUPS: ELF_X86_64,
        f"{NOTES}/METADATA": b"Metadata-Version: 2.1\nName: MarkupSafe\nVersion: 3.0.3\n",
        f"{NOTES}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp313-cp313-manylinux2014_x86_64\n",
    }
    return Bundle(files | wheel).to_zip()
