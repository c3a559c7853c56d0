"""Adds a package that pip installed for the Mac it ran on."""

from workbook.deploy.package.bundle import Bundle

SPEEDUPS = "markupsafe/_speedups.cpython-311-darwin.so"
NOTES = "MarkupSafe-3.0.3.dist-info"
MACH_O_ARM64 = bytes.fromhex("cffaedfe0c000001") + bytes(24)


def make(files):
    wheel = {
        "markupsafe/__init__.py": b"",
        SPEEDUPS: MACH_O_ARM64,
        f"{NOTES}/METADATA": b"Metadata-Version: 2.1\nName: MarkupSafe\nVersion: 3.0.3\n",
        f"{NOTES}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp311-cp311-macosx_11_0_arm64\n",
    }
    return Bundle(files | wheel).to_zip()
