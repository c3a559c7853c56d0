"""Submissions that are strange as files: links, pipes, names. Each builder is named like its case, makes its entry in
the class's folder, and gives the name of what it made there."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

from museum.submissions import CASES

HONEST = (CASES / "honest.py").read_bytes()
ODDITIES: dict[str, Callable[[Path], str]] = {}


def oddity(build: Callable[[Path], str]) -> Callable[[Path], str]:
    ODDITIES[build.__name__] = build
    return build


def hand_in(group: Path, name: str, code: bytes | None = HONEST) -> Path:
    """A folder of that name, with the function unless `code` is None."""
    folder = group / name
    folder.mkdir()
    if code is not None:
        (folder / "lambda_function.py").write_bytes(code)
    return folder


@oddity
def one_file(group: Path) -> str:
    (group / "one_file.py").write_bytes(HONEST)
    return "one_file.py"


@oddity
def a_folder_in_a_folder(group: Path) -> str:
    hand_in(group, "a_folder_in_a_folder", None)
    hand_in(group / "a_folder_in_a_folder", "lab 1")
    return "a_folder_in_a_folder"


@oddity
def a_zip_in_a_folder(group: Path) -> str:
    from museum.archives import ARCHIVES

    (hand_in(group, "a_zip_in_a_folder", None) / "function.zip").write_bytes(ARCHIVES["a_plain_zip"]())
    return "a_zip_in_a_folder"


@oddity
def begins_with_a_mark(group: Path) -> str:
    """A byte order mark, as Windows' Notepad writes it."""
    return hand_in(group, "begins_with_a_mark", b"\xef\xbb\xbf" + HONEST).name


@oddity
def ends_lines_like_windows(group: Path) -> str:
    return hand_in(group, "ends_lines_like_windows", HONEST.replace(b"\n", b"\r\n")).name


@oddity
def links_to_a_secret(group: Path) -> str:
    folder = hand_in(group, "links_to_a_secret", None)
    (folder / "lambda_function.py").symlink_to("/museum/home/.aws/credentials")
    return folder.name


@oddity
def links_a_folder(group: Path) -> str:
    folder = hand_in(group, "links_a_folder")
    (folder / "data").symlink_to("/museum/home")
    return folder.name


@oddity
def is_a_link_itself(group: Path) -> str:
    (group / "is_a_link_itself").symlink_to("/museum/course/solutions/01_means")
    return "is_a_link_itself"


@oddity
def links_in_a_circle(group: Path) -> str:
    folder = hand_in(group, "links_in_a_circle")
    (folder / "round").symlink_to(".")
    return folder.name


@oddity
def is_a_pipe(group: Path) -> str:
    folder = hand_in(group, "is_a_pipe", None)
    os.mkfifo(folder / "lambda_function.py")
    return folder.name


@oddity
def is_a_socket(group: Path) -> str:
    folder = hand_in(group, "is_a_socket", None)
    here = os.getcwd()
    os.chdir(folder)  # a socket's path has 108 bytes at most
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("lambda_function.py")
    os.chdir(here)
    return folder.name


@oddity
def is_a_folder_called_like_a_file(group: Path) -> str:
    (hand_in(group, "is_a_folder_called_like_a_file", None) / "lambda_function.py").mkdir()
    return "is_a_folder_called_like_a_file"


@oddity
def holds_a_pipe_beside(group: Path) -> str:
    folder = hand_in(group, "holds_a_pipe_beside")
    os.mkfifo(folder / "events.json")
    return folder.name


@oddity
def holds_six_hundred_files(group: Path) -> str:
    folder = hand_in(group, "holds_six_hundred_files")
    for number in range(600):
        (folder / f"part_{number}.py").touch()
    return folder.name


@oddity
def is_three_megabytes_long(group: Path) -> str:
    return hand_in(group, "is_three_megabytes_long", HONEST + b"# a comment\n" * 250_000).name


@oddity
def holds_a_large_file(group: Path) -> str:
    folder = hand_in(group, "holds_a_large_file")
    with (folder / "data.bin").open("wb") as file:
        file.truncate(300 << 20)
    return folder.name


@oddity
def is_nested_in_folders(group: Path) -> str:
    folder = hand_in(group, "is_nested_in_folders")
    deep = folder
    for _ in range(120):
        deep /= "ddd"
        deep.mkdir()
    (deep / "x.py").touch()
    return folder.name


@oddity
def is_empty_handed(group: Path) -> str:
    return hand_in(group, "is_empty_handed", None).name


@oddity
def is_another_language(group: Path) -> str:
    folder = hand_in(group, "is_another_language", None)
    (folder / "index.js").write_text("exports.handler = async () => ({statusCode: 200})\n")
    return folder.name


@oddity
def cannot_be_read(group: Path) -> str:
    folder = hand_in(group, "cannot_be_read")
    (folder / "lambda_function.py").chmod(0)
    return folder.name


@oddity
def cannot_be_entered(group: Path) -> str:
    folder = hand_in(group, "cannot_be_entered")
    folder.chmod(0)
    return folder.name


@oddity
def holds_nul_bytes(group: Path) -> str:
    return hand_in(group, "holds_nul_bytes", HONEST + b"\0\0\0").name


@oddity
def is_not_utf8(group: Path) -> str:
    return hand_in(group, "is_not_utf8", b"NAME = 'caf\xe9'\n" + HONEST).name


@oddity
def is_wrong_python(group: Path) -> str:
    return hand_in(group, "is_wrong_python", b"def lambda_handler(event, context)\n    return\n").name


@oddity
def nests_brackets(group: Path) -> str:
    return hand_in(group, "nests_brackets", b"x = " + b"(" * 5000 + b")" * 5000 + b"\n" + HONEST).name


@oddity
def holds_compiled_code_in_a_folder(group: Path) -> str:
    folder = hand_in(group, "holds_compiled_code_in_a_folder")
    (folder / "means.cpython-311-x86_64-linux-gnu.so").write_bytes(b"\x7fELF" + bytes(60))
    return folder.name


@oddity
def names_files_strangely(group: Path) -> str:
    folder = hand_in(group, "names_files_strangely")
    (folder / "a\x1b[2J\u202e\n.py").touch()
    return folder.name


@oddity
def names_files_in_no_alphabet(group: Path) -> str:
    folder = hand_in(group, "names_files_in_no_alphabet")
    with open(os.path.join(os.fsencode(folder), b"caf\xe9.py"), "wb"):
        pass
    return folder.name


@oddity
def looks_like_an_option(group: Path) -> str:
    return hand_in(group, "-rf").name


@oddity
def looks_like_a_formula(group: Path) -> str:
    return hand_in(group, "=cmd()").name


@oddity
def looks_like_html(group: Path) -> str:
    return hand_in(group, "<script>alert('x')&quot;").name


@oddity
def turns_the_terminal(group: Path) -> str:
    return hand_in(group, "a\x1b[2J\x1b]0;x\x07\r\nb").name


@oddity
def turns_its_name_around(group: Path) -> str:
    return hand_in(group, "ada\u202e\u2066\u200bgnp").name


@oddity
def has_a_name_in_no_alphabet(group: Path) -> str:
    return hand_in(group, os.fsdecode(b"caf\xe9")).name


@oddity
def has_a_very_long_name(group: Path) -> str:
    return hand_in(group, "n" * 255).name


@oddity
def has_dots_and_spaces(group: Path) -> str:
    return hand_in(group, " .. ").name


@oddity
def looks_like_sql(group: Path) -> str:
    return hand_in(group, "x'); DROP TABLE attempt; --%s%n{0}").name
