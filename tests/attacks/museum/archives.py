"""Zips that no archiver would write. Each builder is named like its case and gives the bytes of one zip."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

from museum.submissions import CASES

HONEST = (CASES / "honest.py").read_bytes()
ARCHIVES: dict[str, Callable[[], bytes]] = {}


def archive(build: Callable[[], bytes]) -> Callable[[], bytes]:
    ARCHIVES[build.__name__] = build
    return build


def pack(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """A zip of the entries, the honest function first."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in (("lambda_function.py", HONEST), *entries):
            target.writestr(name, data)
    return stream.getvalue()


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.create_system = 3
    return info


@archive
def a_plain_zip() -> bytes:
    return pack(("means/__init__.py", b""))


@archive
def a_zip_with_a_top_folder() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.mkdir("hand in")
        target.writestr("hand in/lambda_function.py", HONEST)
        target.writestr("__MACOSX/hand in/._lambda_function.py", b"\0\5\x16\7")
        target.writestr("hand in/.DS_Store", b"\0\0\0\1Bud1")
    return stream.getvalue()


@archive
def climbs_out() -> bytes:
    return pack(("../../museum/home/written.txt", b"x"), ("a/../../b.py", b"x"))


@archive
def names_an_absolute_path() -> bytes:
    return pack(("/museum/home/written.txt", b"x"))


@archive
def names_a_drive() -> bytes:
    return pack(("C:/written.txt", b"x"), ("C:\\written.txt", b"x"))


@archive
def climbs_out_with_backslashes() -> bytes:
    return pack(("..\\..\\museum\\home\\written.txt", b"x"))


@archive
def holds_a_link() -> bytes:
    return pack((entry("keys.py", stat.S_IFLNK | 0o777), b"/museum/home/.aws/credentials"))


@archive
def writes_through_a_link() -> bytes:
    link = entry("way", stat.S_IFLNK | 0o777)
    return pack((link, b"/museum/home"), ("way/written.txt", b"x"))


@archive
def holds_special_files() -> bytes:
    return pack((entry("pipe", stat.S_IFIFO | 0o666), b""), (entry("disk", stat.S_IFBLK | 0o666), b""))


@archive
def holds_setuid_files() -> bytes:
    """Its modes mean nothing: what is unfolded can be read and not written to."""
    return pack((entry("tool.py", stat.S_IFREG | 0o6777), b"print('a tool')\n"))


@archive
def grows_a_thousandfold() -> bytes:
    return pack(("zeros.bin", bytes(200 << 20)))


@archive
def holds_zips_in_zips() -> bytes:
    """Nothing in it is a function: the inner zips are never opened."""
    inner = bytes(1 << 20)
    for level in range(6):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            for number in range(8):
                target.writestr(f"{level}-{number}.zip", inner)
        inner = stream.getvalue()
    return inner


@archive
def overlaps_its_entries() -> bytes:
    """Many directory records for one compressed kernel, as in David Fifield's bombs."""
    data = pack(("kernel.bin", bytes(15 << 20)))
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        end = whole.start_dir
    records, tail = data[end : data.rindex(b"PK\5\6")], data[data.rindex(b"PK\5\6") :]
    kernel = records[records.rindex(b"PK\1\2") :]
    many = records + b"".join(kernel.replace(b"kernel.bin", f"kerne{number:05}".encode()) for number in range(300))
    counts = struct.pack("<HHII", 302, 302, len(many), end)
    return data[:end] + many + tail[:8] + counts + tail[20:]


@archive
def holds_seventy_thousand_entries() -> bytes:
    return pack(*((f"{number}.txt", b"") for number in range(70_000)))


@archive
def names_a_file_twice() -> bytes:
    twin = pack(("lambda_function.PY", b"print('the other one')\n"))
    return twin.replace(b"lambda_function.PY", b"lambda_function.py")


@archive
def names_a_file_in_two_cases() -> bytes:
    return pack(("LAMBDA_FUNCTION.py", b"print('the other one')\n"))


@archive
def names_a_file_and_a_folder() -> bytes:
    return pack(("lambda_function.py/inner.py", b""))


@archive
def is_encrypted() -> bytes:
    data = bytearray(pack())
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        places = [(whole.infolist()[0].header_offset, 6), (whole.start_dir, 8)]
    for start, offset in places:
        data[start + offset] |= 1
    return bytes(data)


@archive
def is_cut_short() -> bytes:
    return pack()[:-30]


@archive
def is_cut_in_its_data() -> bytes:
    data = pack(("a.txt", zlib.compress(b"x" * 5000)))
    return data[:100] + data[400:]


@archive
def lies_about_its_sizes() -> bytes:
    """Its directory promises 10 bytes, and 40 MB come out."""
    data = pack(("zeros.bin", bytes(40 << 20)))
    return data.replace(struct.pack("<I", 40 << 20), struct.pack("<I", 10))


@archive
def lies_about_its_checksums() -> bytes:
    return pack().replace(struct.pack("<I", zlib.crc32(HONEST)), b"\xde\xad\xbe\xef")


@archive
def promises_four_gigabytes() -> bytes:
    data = pack(("zeros.bin", bytes(40 << 20)))
    return data.replace(struct.pack("<I", 40 << 20), b"\xfe\xff\xff\xff")


@archive
def calls_one_file_two_names() -> bytes:
    """The directory and the file's own header disagree about its name."""
    data = pack()
    return data.replace(b"lambda_function.py", b"../ambda_function.", 1)


@archive
def is_packed_in_an_unknown_way() -> bytes:
    data = bytearray(pack())
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        start = whole.start_dir
    data[8:10] = data[start + 10 : start + 12] = struct.pack("<H", 99)
    return bytes(data)


@archive
def has_two_directories() -> bytes:
    """A second zip behind the first, for readers that begin at the other end."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("lambda_function.py", b"raise SystemExit(0)\n")
    return stream.getvalue() + pack()


@archive
def is_no_zip() -> bytes:
    return b"\x7fELF" + b"no zip at all\n" * 100


@archive
def is_empty() -> bytes:
    return b"PK\5\6" + bytes(18)


@archive
def has_no_bytes() -> bytes:
    return b""


@archive
def holds_compiled_code() -> bytes:
    return pack(("means.pyc", b"\xa7\r\r\n" + bytes(12) + b"\xe3"))


@archive
def holds_a_shared_object() -> bytes:
    return pack(("boto3.cpython-311-x86_64-linux-gnu.so", b"\x7fELF" + bytes(60)))


@archive
def holds_a_path_file() -> bytes:
    return pack(("evil.pth", b"import os; os._exit(0)\n"))


@archive
def names_control_characters() -> bytes:
    return pack(("a\x1b[2J\u202e\n.py", b""))


@archive
def names_itself_at_length() -> bytes:
    return pack(("d/" * 300 + "x" * 5000 + ".py", b""))


@archive
def is_nested_deeply() -> bytes:
    return pack(("/".join("d" * 100) + "/x.py", b""))
