"""Taking submissions in: which there are, whose they are, and what is refused, whatever is in the folders."""

import os
import socket
import stat
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.grading.judge import digest
from workbook.runtime import Code, CodeError
from workbook.submissions import reading
from workbook.submissions.archive import open_archive
from workbook.submissions.hand_in import Entry, HandIn, IntakeError, find_hand_ins
from workbook.submissions.reading import MAX_BYTES, MAX_FILES, MAX_PYTHON_BYTES, Item
from workbook.submissions.roster import Person, Roster

FILES = ("lambda_function.py",)
CODE = b"def lambda_handler(event, context): ...\n"

posix = pytest.mark.skipif(os.name != "posix", reason="made of what POSIX alone has")


def plant(root: Path, tree: dict[str, bytes | None]) -> Path:
    """Files below `root`; None makes an empty folder."""
    for name, data in tree.items():
        path = root / name
        if data is None:
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return root


def take_in(*paths: Path, files: tuple[str, ...] = FILES) -> dict[str, HandIn]:
    hand_ins = [entry.take_in() for entry in find_hand_ins(paths, files=files)]
    assert len({hand_in.id for hand_in in hand_ins}) == len(hand_ins)
    return {hand_in.id: hand_in for hand_in in hand_ins}


def refusal(path: Path, files: tuple[str, ...] = FILES) -> str:
    """Why the one submission that is the folder `path` is refused."""
    entry = next(entry for entry in find_hand_ins([path.parent], files=files) if entry.path.name == path.name)
    hand_in = entry.take_in()
    assert hand_in.refusal is not None
    assert not hand_in.files
    assert hand_in.archive is None
    assert hand_in.refusal.isprintable()
    assert str(path.parent) not in hand_in.refusal
    return hand_in.refusal


class TestWhatIsASubmission:
    def test_a_folder_of_folders_files_and_zips(self, tmp_path: Path) -> None:
        plant(tmp_path, {
            "ada/lambda_function.py": CODE, "ada/pkg/tide.py": b"x", "bob.py": CODE, "eve.ZIP": b"no zip",
            "notes.txt": b"x", "empty": None, "old.tar.gz": b"x",
        })  # fmt: skip
        found = take_in(tmp_path)
        assert found["ada"].files == {"lambda_function.py": CODE, "pkg/tide.py": b"x"}
        assert found["bob.py"].files == {"lambda_function.py": CODE}
        assert found["eve.ZIP"].archive == b"no zip"
        assert found["notes.txt"].refusal == "'notes.txt' is no submission. Hand in a folder, a .py file or a .zip."
        assert "'old.tar.gz' is no submission" in (found["old.tar.gz"].refusal or "")
        assert "lambda_function.py is missing; it holds nothing" in (found["empty"].refusal or "")
        assert len(found) == 6

    def test_litter_and_what_systems_add_is_none(self, tmp_path: Path) -> None:
        plant(tmp_path, {
            ".DS_Store": b"", "Thumbs.db": b"", "desktop.ini": b"", "._ada.py": b"", "__MACOSX/ada/x": b"",
            ".git/config": b"", "submission_metadata.yml": b"", "ada.py": CODE,
        })  # fmt: skip
        assert list(take_in(tmp_path)) == ["ada.py"]

    def test_one_submission(self, tmp_path: Path) -> None:
        plant(
            tmp_path,
            {"ada/lambda_function.py": CODE, "ada/build/lambda_function.py": CODE, "b.py": CODE, "c.zip": b"z"},
        )
        assert list(take_in(tmp_path / "ada")["ada"].files) == ["build/lambda_function.py", "lambda_function.py"]
        assert take_in(tmp_path / "b.py")["b.py"].files == {"lambda_function.py": CODE}
        assert take_in(tmp_path / "c.zip")["c.zip"].archive == b"z"

    def test_a_class_into_which_somebody_put_a_solution(self, tmp_path: Path) -> None:
        plant(tmp_path, {f"{name}lambda_function.py": CODE for name in ("", "ada/", "bob/")})
        assert list(take_in(tmp_path)) == ["ada", "bob", "lambda_function.py"]

    def test_every_folder_that_a_shell_listed_is_one(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada/lambda_function.py": CODE, "bob/handler.py": CODE, "bob/eve.py": CODE, "carol": None})
        found = take_in(*sorted(tmp_path.iterdir()))
        assert [hand_in.refusal is None for hand_in in found.values()] == [True, False, False]
        assert "it holds 'eve.py' and 'handler.py'" in (found["bob"].refusal or "")

    def test_several_folders_of_submissions(self, tmp_path: Path) -> None:
        plant(tmp_path, {"a/ada/lambda_function.py": CODE, "b/bob.py": CODE, "late.py": CODE})
        assert list(take_in(tmp_path / "a", tmp_path / "b", tmp_path / "late.py")) == ["ada", "bob.py", "late.py"]

    def test_an_id_that_comes_twice(self, tmp_path: Path) -> None:
        plant(tmp_path, {"a/ada/lambda_function.py": b"1", "b/ada/lambda_function.py": b"2", "b/ada (2).py": b"3"})
        plant(tmp_path, {"a/x.py": b"4", "b/x.py": b"5", "b/x.py (2)/lambda_function.py": b"6"})
        found = take_in(tmp_path / "a", tmp_path / "b")
        assert found["ada"].files["lambda_function.py"] == b"1"
        assert "another submission 'ada'" in (found["ada (2)"].refusal or "")
        assert found["x.py (2)"].files["lambda_function.py"] == b"6"
        assert "another submission 'x.py'" in (found["x.py (3)"].refusal or "")
        assert len(found) == 6

    def test_one_place_given_twice(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        plant(tmp_path, {"ada/lambda_function.py": CODE})
        monkeypatch.chdir(tmp_path / "ada")
        assert list(take_in(Path("."), tmp_path / "ada", Path("../ada"))) == ["ada"]

    def test_what_is_the_commands_own_is_left_out(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada.py": CODE, "gradebook.db": b"", "roster.csv": b""})
        entries = find_hand_ins([tmp_path], files=FILES, leave_out=[tmp_path / "gradebook.db", tmp_path / "roster.csv"])
        assert [entry.id for entry in entries] == ["ada.py"]

    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(IntakeError, match=r"nowhere does not exist\. Give"):
            find_hand_ins([tmp_path / "nowhere"], files=FILES)
        assert "it holds nothing" in (take_in(tmp_path)[tmp_path.name].refusal or "")

    @posix
    def test_links_pipes_and_sockets_are_refused_and_nothing_waits(self, tmp_path: Path) -> None:
        plant(tmp_path, {"real/lambda_function.py": CODE})
        room = tmp_path / "class"
        room.mkdir()
        (room / "link").symlink_to(tmp_path / "real")
        (room / "dangling.py").symlink_to("nowhere")
        os.mkfifo(room / "pipe.py")
        with socket.socket(socket.AF_UNIX) as server, tempfile.TemporaryDirectory() as short:
            server.bind(f"{short}/s")
            os.rename(f"{short}/s", room / "socket.zip")
        found = take_in(room)
        assert "is a link" in (found["link"].refusal or "")
        assert "is a link" in (found["dangling.py"].refusal or "")
        assert "is no regular file" in (found["pipe.py"].refusal or "")
        assert "is no regular file" in (found["socket.zip"].refusal or "")
        assert "is a link" in (take_in(room / "link")["link"].refusal or "")
        assert "is no regular file" in (take_in(room / "pipe.py")["pipe.py"].refusal or "")

    @pytest.mark.skipif(os.name != "posix" or os.uname().sysname == "Darwin", reason="names that are no text")
    def test_an_id_can_always_be_written(self, tmp_path: Path) -> None:
        plant(tmp_path, {os.fsdecode(b"ad\xff.py"): CODE, "ada\x1b[31m\u202e/lambda_function.py": CODE})
        found = take_in(tmp_path)
        assert found["ad\\udcff.py"].files == {"lambda_function.py": CODE}
        assert found["ada\x1b[31m\u202e"].files == {"lambda_function.py": CODE}

    def test_nothing_is_read_before_it_is_taken_in(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        plant(tmp_path, {f"{n}/lambda_function.py": CODE for n in range(20)} | {"x.zip": b"", "y.py": b""})
        opened: list[object] = []
        real = os.open
        monkeypatch.setattr(os, "open", lambda path, *rest: opened.append(path) or real(path, *rest))
        entries = find_hand_ins([tmp_path], files=FILES)
        assert len(entries) == 22
        assert opened == []
        entries[0].take_in()
        assert len(opened) == 1


class TestDownloads:
    @pytest.mark.parametrize("end", ["_", ""])
    def test_moodle_in_folders(self, tmp_path: Path, end: str) -> None:
        plant(tmp_path, {
            f"Ada Lovelace_12345_assignsubmission_file{end}/lambda_function.py": CODE,
            f"Ada Lovelace_12345_assignsubmission_onlinetext{end}/onlinetext.html": b"<p>",
            f"Bob Byron_12346_assignsubmission_file{end}/bob.zip": b"z",
            f"Eve_12347_assignsubmission_onlinetext{end}/onlinetext.html": b"<p>",
            f"Default team_assignsubmission_file{end}/team.py": CODE,
        })  # fmt: skip
        found = take_in(tmp_path)
        assert found["Ada Lovelace_12345"].files == {"lambda_function.py": CODE}
        assert found["Bob Byron_12346"].archive == b"z"
        assert found["Eve_12347"].refusal == "It is text that was typed into Moodle, and no file. Hand in a file."
        assert found["Default team"].files == {"lambda_function.py": CODE}
        assert len(found) == 4

    def test_moodle_flattened(self, tmp_path: Path) -> None:
        plant(tmp_path, {
            "Ada Lovelace_12345_assignsubmission_file_lambda_function.py": CODE,
            "Ada Lovelace_12345_assignsubmission_file_tide.py": b"x",
            "Ada Lovelace_12345_assignsubmission_onlinetext_onlinetext.html": b"<p>",
            "Bob Byron_12346_assignsubmission_file_my lab.py": CODE,
            "Eve_12347_assignsubmission_file_essay.docx": b"x",
        })  # fmt: skip
        found = take_in(tmp_path)
        assert found["Ada Lovelace_12345"].files == {"lambda_function.py": CODE, "tide.py": b"x"}
        assert found["Bob Byron_12346"].files == {"lambda_function.py": CODE}
        assert "lambda_function.py is missing; it holds 'essay.docx'" in (found["Eve_12347"].refusal or "")
        assert len(found) == 3

    def test_canvas(self, tmp_path: Path) -> None:
        plant(tmp_path, {
            "lovelaceada_12345_67890_lambda_function.py": CODE,
            "lovelaceada_12345_67891_tide.py": b"x",
            "byronbob_LATE_12346_67892_lambda_function-1.py": CODE,
            "byronbob_LATE_12346_67893_policy-2.json": b"{}",
            "byronbob_LATE_12346_67894_data-3.json": b"[]",
            "eve_12347_67895_03_s3_writes-1.zip": b"z",
            "müllerjürgen_12348_text.html": b"",
            "anon_k3dP2_67896_lambda_function.py": CODE,
            "LATE_anon_Zz9aa_67897_lab.py": CODE,
        })  # fmt: skip
        found = take_in(tmp_path, files=("lambda_function.py", "policy.json"))
        assert found["lovelaceada_12345"].files == {"lambda_function.py": CODE, "tide.py": b"x"}
        late = {"data-3.json": b"[]", "lambda_function.py": CODE, "policy.json": b"{}"}
        assert found["byronbob_12346"].files == late
        assert found["eve_12347"].archive == b"z"
        assert "typed into Canvas" in (found["müllerjürgen_12348"].refusal or "")
        assert found["anon_k3dP2"].files == found["anon_Zz9aa"].files == {"lambda_function.py": CODE}
        assert len(found) == 6

    def test_a_file_that_canvas_counted_replaces_none(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada_1_2_lambda_function.py": b"1", "ada_1_3_lambda_function-1.py": b"2"})
        assert take_in(tmp_path)["ada_1"].files == {"lambda_function.py": b"1", "lambda_function-1.py": b"2"}
        plant(tmp_path, {"bob_1_2_lambda_function-1.py": b"1", "bob_1_3_lambda_function-2.py": b"2"})
        assert "two files 'lambda_function.py'" in (take_in(tmp_path)["bob_1"].refusal or "")

    def test_names_that_only_look_like_canvas_stay_apart(self, tmp_path: Path) -> None:
        names = ["Lab_3_16_eve.py", "lab_3_17_ada.py", "lab_3_18_bob.py"]
        plant(tmp_path, dict.fromkeys(names, CODE))
        assert list(take_in(tmp_path)) == names

    @pytest.mark.parametrize("above", [False, True])
    def test_gradescope(self, tmp_path: Path, above: bool) -> None:
        export = tmp_path / "assignment_123_export"
        plant(export, {
            "submission_metadata.yml": b"", "submission_98765/lambda_function.py": CODE,
            "submission_98766/ada.py": CODE, "submission_98767/a.py": CODE, "submission_98767/b.py": CODE,
        })  # fmt: skip
        found = take_in(tmp_path if above else export)
        assert found["submission_98765"].files == found["submission_98766"].files == {"lambda_function.py": CODE}
        assert "it holds 'a.py' and 'b.py'" in (found["submission_98767"].refusal or "")
        assert len(found) == 3

    def test_a_download_that_a_shell_listed(self, tmp_path: Path) -> None:
        plant(tmp_path, {
            "Ada_1_assignsubmission_file_/x.zip": b"1", "Bob_2_assignsubmission_file_/x.zip": b"2",
            "eve_3_4_lambda_function.py": CODE, "eve_3_5_tide.py": b"x",
        })  # fmt: skip
        found = take_in(*sorted(tmp_path.iterdir()))
        assert [found["Ada_1"].archive, found["Bob_2"].archive] == [b"1", b"2"]
        assert list(found["eve_3"].files) == ["lambda_function.py", "tide.py"]


class TestWhatASubmissionHolds:
    def test_a_folder_alone_in_the_folder_is_taken_off_once(self, tmp_path: Path) -> None:
        plant(
            tmp_path, {"ada/.DS_Store": b"", "ada/lab 3/lambda_function.py": CODE, "bob/a/b/lambda_function.py": CODE}
        )
        assert take_in(tmp_path)["ada"].files == {"lambda_function.py": CODE}
        assert "lambda_function.py is missing; it holds 'b'" in refusal(tmp_path / "bob")

    def test_a_zip_alone_in_the_folder_is_what_is_handed_in(self, tmp_path: Path) -> None:
        plant(
            tmp_path, {"ada/x.zip": b"1", "bob/lab/x.zip": b"2", "bob/Thumbs.db": b"", "eve/x.zip": b"3", "eve/y": b""}
        )
        found = take_in(tmp_path)
        assert [found["ada"].archive, found["bob"].archive] == [b"1", b"2"]
        assert "lambda_function.py is missing; it holds 'x.zip' and 'y'" in (found["eve"].refusal or "")

    def test_a_zip_that_the_lab_asks_for_is_a_file(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada/lambda_deploy.zip": b"1"})
        assert take_in(tmp_path, files=(*FILES, "lambda_deploy.zip"))["ada"].files == {"lambda_deploy.zip": b"1"}

    def test_one_of_the_labs_files_is_enough_and_none_is_too_few(self, tmp_path: Path) -> None:
        plant(
            tmp_path, {"ada/policy.json": b"{}", "bob/a": b"", "bob/b": b"", "bob/c": b"", "bob/d": b"", "bob/e": b""}
        )
        files = (*FILES, "policy.json")
        assert take_in(tmp_path, files=files)["ada"].files == {"policy.json": b"{}"}
        assert refusal(tmp_path / "bob", files) == (
            "lambda_function.py, policy.json are missing; it holds 'a', 'b', 'c' and 2 more. "
            "Hand in what the lab asks for, under its own name."
        )

    def test_litter_and_the_labs_own_files_are_left_out_as_check_does(self, tmp_path: Path) -> None:
        plant(tmp_path / "ada", {
            "lambda_function.py": CODE, "pkg/test_x.py": b"1", "pkg/README.md": b"2", "README.md": b"", "lab.toml": b"",
            "test_s3.py": b"", "events/aux.json": b"", "old.zip": b"", ".venv/lib/x.so": b"", "__pycache__/x.pyc": b"",
            "pkg/__pycache__/x.pyc": b"", "pkg/.DS_Store": b"", "pkg/._x": b"", "conftest.py": b"",
        })  # fmt: skip
        hand_in = take_in(tmp_path)["ada"]
        assert hand_in.files == {"lambda_function.py": CODE, "pkg/README.md": b"2", "pkg/test_x.py": b"1"}

    def test_its_digest_is_that_of_check(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada/lambda_function.py": CODE, "ada/pkg/ø.txt": b"x", "bob/x.zip": b"x", "eve": None})
        found = take_in(tmp_path)
        assert found["ada"].sha256 == digest(Code.open(tmp_path / "ada"))
        assert len({hand_in.sha256 for hand_in in found.values()}) == 3
        assert HandIn("other", Path(), found["ada"].files).sha256 == found["ada"].sha256
        assert HandIn("x", Path(), {"a": b"", "b": b"c"}).sha256 != HandIn("x", Path(), {"a": b"b", "": b"c"}).sha256

    @posix
    @pytest.mark.parametrize(
        ("name", "why"),
        [
            ("a\nb.py", "cannot be seen"),
            ("a\x1b[2J.py", "cannot be seen"),
            ("a\u202eyp.py", "cannot be seen"),
            ("a\u200b.py", "cannot be seen"),
            (os.fsdecode(b"a\xff.py"), "cannot be seen"),
            ("..\\evil.py", "backslash"),
            ("C:evil.py", "inside one folder"),
            ("aux.py", "Windows does not take"),
            ("pkg/NUL", "Windows does not take"),
            ("com1.tar.gz", "Windows does not take"),
            ("a.py:stream", "Windows does not take"),
            ("tide.", "Windows does not take"),
            ("tide ", "Windows does not take"),
            ("what?.py", "Windows does not take"),
            ("x/" * 119 + "x.py", "longer than 240 bytes"),
            ("é" * 119 + "x.py", "longer than 240 bytes"),
            ("tide.pyc", "compiled code"),
            ("tide.cpython-313-x86_64-linux-gnu.so", "compiled code"),
            ("tide.PYD", "compiled code"),
            ("tide.pth", "compiled code"),
        ],
    )
    def test_names_are_refused_not_repaired(self, tmp_path: Path, name: str, why: str) -> None:
        plant(tmp_path / "ada", {"lambda_function.py": CODE, name: b""})
        assert why in refusal(tmp_path / "ada")

    @posix
    def test_names_of_folders_are_refused_where_nothing_is_in_them_too(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada/lambda_function.py": CODE, "ada/pkg/aux": None, "bob/\u202e/lambda_function.py": CODE})
        plant(tmp_path / "eve", {"lambda_function.py": CODE, "x/" * 200: None})
        assert "'pkg/aux' is one that Windows does not take" in refusal(tmp_path / "ada")
        assert "cannot be seen" in refusal(tmp_path / "bob")
        assert "longer than 240 bytes" in refusal(tmp_path / "eve")

    @posix
    def test_the_longest_name(self, tmp_path: Path) -> None:
        plant(tmp_path / "ada", {"lambda_function.py": CODE, "x" * 120 + "/" + "y" * 119: b""})
        assert len(take_in(tmp_path)["ada"].files) == 2

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Tide.py", "tide.py"),
            ("straße.txt", "STRASSE.txt"),
            ("é.txt", unicodedata.normalize("NFD", "é.txt")),
            ("Pkg/a.py", "pkg/b.py"),
            ("pkg/tide.py", "PKG"),
        ],
    )
    def test_names_that_are_one_on_some_systems(self, tmp_path: Path, one: str, other: str) -> None:
        plant(tmp_path / "ada", {"lambda_function.py": CODE, one: b""})
        if (tmp_path / "ada" / other).exists():
            pytest.skip("they are one here")
        plant(tmp_path / "ada", {other: b""})
        assert "are one name on some systems" in refusal(tmp_path / "ada")

    @posix
    def test_a_link_or_a_pipe_inside(self, tmp_path: Path) -> None:
        for name in ("ada", "bob", "eve", "dan"):
            plant(tmp_path, {f"{name}/lambda_function.py": CODE})
        (tmp_path / "ada/secret").symlink_to("/etc/passwd")
        (tmp_path / "bob/pkg").symlink_to("/etc")
        os.mkfifo(tmp_path / "eve/tide.py")
        (tmp_path / "dan/lambda_function.py").unlink()
        (tmp_path / "dan/lambda_function.py").symlink_to("../ada/lambda_function.py")
        assert refusal(tmp_path / "ada") == "'secret' is a link. Hand in a copy of what it stands for."
        assert "'pkg' is a link" in refusal(tmp_path / "bob")
        assert "'tide.py' is no regular file" in refusal(tmp_path / "eve")
        assert "'lambda_function.py' is a link" in refusal(tmp_path / "dan")


class TestLimits:
    def test_files(self, tmp_path: Path) -> None:
        plant(tmp_path / "ada", {f"pkg/{n}.txt": b"" for n in range(MAX_FILES - 1)} | {"lambda_function.py": CODE})
        assert len(take_in(tmp_path)["ada"].files) == MAX_FILES
        plant(tmp_path / "ada", {"one_more": b""})
        assert "more than 500 files" in refusal(tmp_path / "ada")

    def test_python(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada/lambda_function.py": bytes(MAX_PYTHON_BYTES), "bob.py": bytes(MAX_PYTHON_BYTES + 1)})
        assert take_in(tmp_path)["ada"].refusal is None
        assert "'lambda_function.py' is larger than 2 MB" in refusal(tmp_path / "bob.py")

    def test_all_in_all(self, tmp_path: Path) -> None:
        half = bytes(MAX_BYTES // 2)
        plant(tmp_path / "ada", {"lambda_function.py": b"", "a.txt": half, "b.txt": half})
        assert take_in(tmp_path)["ada"].refusal is None
        plant(tmp_path / "ada", {"lambda_function.py": b"x"})
        assert "more than 20 MB" in refusal(tmp_path / "ada")

    def test_a_zip(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada.zip": bytes(MAX_BYTES), "bob.zip": bytes(MAX_BYTES + 1)})
        assert take_in(tmp_path)["ada.zip"].refusal is None
        assert "'bob.zip' is larger than 20 MB" in refusal(tmp_path / "bob.zip")

    @posix
    def test_a_file_that_claims_a_terabyte_is_not_read(self, tmp_path: Path) -> None:
        plant(tmp_path / "ada", {"lambda_function.py": CODE, "hole": b""})
        os.truncate(tmp_path / "ada/hole", 1 << 40)
        assert "'hole' is larger than 20 MB" in refusal(tmp_path / "ada")

    def test_what_is_looked_at_is_bounded_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MAX_LOOKED_AT", 20)
        plant(tmp_path, {f"ada/{n}": None for n in range(19)} | {"ada/lambda_function.py": CODE})
        assert take_in(tmp_path)["ada"].refusal is None
        plant(tmp_path / "ada", {"1/._litter": b""})
        assert "more than 20 files and folders" in refusal(tmp_path / "ada")


class TestBetweenFindingAndReading:
    """A submission may change after it was found: it is refused, and nothing else is read in its place."""

    @pytest.fixture
    def entry(self, tmp_path: Path) -> Entry:
        plant(tmp_path, {"ada/lambda_function.py": CODE, "outside/lambda_function.py": b"secret"})
        return find_hand_ins([tmp_path / "ada"], files=FILES)[0]

    def refused(self, entry: Entry) -> str:
        hand_in = entry.take_in()
        assert hand_in.refusal
        assert b"secret" not in hand_in.files.values()
        return hand_in.refusal

    def test_it_is_gone(self, entry: Entry) -> None:
        (entry.path / "lambda_function.py").unlink()
        entry.path.rmdir()
        assert "cannot be read: No such file" in self.refused(entry)

    @posix
    def test_it_is_a_link_now(self, entry: Entry) -> None:
        entry.path.rename(entry.path.with_name("moved"))
        entry.path.symlink_to("outside")
        assert "'ada' is a link" in self.refused(entry)

    @posix
    def test_it_is_a_pipe_now(self, tmp_path: Path) -> None:
        plant(tmp_path, {"bob.py": CODE})
        entry = find_hand_ins([tmp_path / "bob.py"], files=FILES)[0]
        entry.path.unlink()
        os.mkfifo(entry.path)
        assert "is no regular file" in self.refused(entry)

    def test_it_is_a_folder_now(self, tmp_path: Path) -> None:
        plant(tmp_path, {"bob.zip": CODE})
        entry = find_hand_ins([tmp_path / "bob.zip"], files=FILES)[0]
        entry.path.unlink()
        entry.path.mkdir()
        assert "it holds nothing" in self.refused(entry)

    @posix
    @pytest.mark.parametrize("platform", ["with O_NOFOLLOW", "without"])
    @pytest.mark.parametrize("becomes", ["link", "pipe", "another file"])
    def test_it_changes_at_the_last_moment(
        self, entry: Entry, monkeypatch: pytest.MonkeyPatch, platform: str, becomes: str
    ) -> None:
        """Between the look and the opening; systems that have no O_NOFOLLOW notice too."""
        if platform == "without":
            monkeypatch.setattr(reading, "_FLAGS", os.O_RDONLY | os.O_NONBLOCK)
        real = os.open

        def swap_and_open(path: Path, flags: int, *rest: int) -> int:
            assert flags & os.O_NONBLOCK  # or a pipe would be waited for
            assert bool(flags & os.O_NOFOLLOW) == (platform == "with O_NOFOLLOW")
            path.rename(path.with_name("moved"))
            if becomes == "link":
                path.symlink_to("../outside/lambda_function.py")
            elif becomes == "pipe":
                os.mkfifo(path)
            else:
                path.write_bytes(b"secret")
            return real(path, flags, *rest)

        monkeypatch.setattr(os, "open", swap_and_open)
        assert "cannot be read" in (why := self.refused(entry)) or "was changed while it was read" in why

    def test_it_grows_while_it_is_read(self, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
        real = os.fstat

        def grow_after(handle: int) -> os.stat_result:
            status = real(handle)
            with (entry.path / "lambda_function.py").open("ab") as file:
                file.write(bytes(MAX_PYTHON_BYTES))
            return status

        monkeypatch.setattr(os, "fstat", grow_after)
        assert self.refused(entry) == "'lambda_function.py' was changed while it was read. Grade it again."

    @pytest.mark.parametrize("call", ["open", "scandir"])
    def test_it_may_not_be_read(self, entry: Entry, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
        def refuse(path: Path, *rest: int) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(os, call, refuse)
        assert "cannot be read: Permission denied." in self.refused(entry)

    def test_a_class_that_may_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: Path) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(os, "scandir", refuse)
        assert take_in(tmp_path)[tmp_path.name].refusal == "It cannot be read: Permission denied."

    @pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
    def test_modes_are_kept_to(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada/lambda_function.py": CODE, "bob/lambda_function.py": CODE})
        (tmp_path / "ada").chmod(0)
        (tmp_path / "bob/lambda_function.py").chmod(0)
        try:
            assert "Permission denied" in refusal(tmp_path / "ada")
            assert "Permission denied" in refusal(tmp_path / "bob")
        finally:
            (tmp_path / "ada").chmod(stat.S_IRWXU)


class TestRoster:
    ROSTER = Roster([Person("7", "Ada Lovelace"), Person("8", "Bob Byron", {"Identifier": "Participant 12346"})])

    def test_an_id_is_the_rosters(self, tmp_path: Path) -> None:
        plant(tmp_path, {"ada-lovelace.py": CODE, "x_12346_assignsubmission_file_/x.py": CODE, "eve/x": b""})
        entries = {entry.id: entry for entry in find_hand_ins([tmp_path], files=FILES, roster=self.ROSTER)}
        assert entries["7"].person is self.ROSTER.people[0]
        assert entries["8"].person is self.ROSTER.people[1]
        assert entries["7"].remark is None
        assert entries["eve"].person is None
        assert entries["eve"].remark == "Nobody in the roster is called 'eve'."
        assert entries["7"].take_in().id == "7"
        assert len(entries) == 3

    def test_two_of_one_person_keep_their_own_ids(self, tmp_path: Path) -> None:
        plant(tmp_path, {"Ada Lovelace/lambda_function.py": CODE, "lovelace_ada.zip": b""})
        entries = find_hand_ins([tmp_path], files=FILES, roster=self.ROSTER)
        assert [entry.id for entry in entries] == ["Ada Lovelace", "lovelace_ada.zip"]
        assert entries[0].remark == "It may be of '7', as may 'lovelace_ada.zip'. Keep one of them."


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda name: name not in (".", "..")
)
KNOWN_NAMES = st.sampled_from([
    "lambda_function.py", "ada.py", "x.zip", "pkg", "notes.txt", "test_x.py", ".venv", "events", "LAMBDA_FUNCTION.py",
    "Ada_1_assignsubmission_file_", "Ada_1_assignsubmission_file_lambda_function.py",
    "Ada_1_assignsubmission_onlinetext_",
    "ada_1_2_lambda_function.py", "ada_1_3_lambda_function-1.py", "ada_1_4_x.zip", "ada_1_text.html",
    "submission_5", "assignment_1_export", "aux.py", "a:b", "x.so",
])  # fmt: skip
TREES = st.recursive(
    st.binary(max_size=9) | st.just("link") | st.just("pipe"),
    lambda inner: st.dictionaries(KNOWN_NAMES | NAMES, inner, max_size=4),
    max_leaves=12,
)


def grow(place: Path, tree: object) -> None:
    if isinstance(tree, dict):
        place.mkdir()
        for name, inner in tree.items():
            grow(place / name, inner)
    elif isinstance(tree, bytes):
        place.write_bytes(tree)
    elif tree == "link":
        place.symlink_to("/etc")
    else:
        os.mkfifo(place)


@posix
@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KNOWN_NAMES | NAMES, TREES, max_size=6), st.booleans())
def test_everything_found_ends_in_exactly_one_hand_in(tree: dict[str, object], listed_by_shell: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(os.path.realpath(folder), "class")
        try:
            grow(root, tree)
        except OSError:  # a name that this system does not take, or two that are one
            return
        inputs = [path for path in sorted(root.iterdir()) if listed_by_shell or not Item.at(path).is_litter]
        paths = inputs if listed_by_shell else [root]
        entries = find_hand_ins(paths, files=FILES)
        hand_ins = [entry.take_in() for entry in entries]
    parts = [item.path for entry in entries for item, _ in entry.parts]
    assert len(parts) == len(set(parts))
    assert len({hand_in.id for hand_in in hand_ins}) == len(hand_ins)
    for path in inputs:
        assert any(path == part or path in part.parents or part in path.parents for part in parts), path
    for hand_in in hand_ins:
        hand_in.id.encode()
        assert (hand_in.refusal is None) == (bool(hand_in.files) != (hand_in.archive is not None))
        assert hand_in.refusal is None or hand_in.refusal.isprintable()
        assert len(hand_in.sha256) == 64


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=9), max_size=4))
def test_a_folder_and_a_zip_of_it_are_refused_or_taken_in_alike(tree: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        try:
            plant(root / "ada", {"lambda_function.py": CODE, **tree})
        except OSError:
            return
        if sorted(os.listdir(root / "ada")) != sorted({"lambda_function.py", *tree}):
            return
        with zipfile.ZipFile(root / "ada.zip", "w") as archive:
            for name in sorted(os.listdir(root / "ada")):
                archive.writestr(zipfile.ZipInfo(name), (root / "ada" / name).read_bytes())
        found = take_in(root)
        data = found["ada.zip"].archive
        assert data is not None
        try:
            opened: dict[str, bytes] | None = dict(open_archive(data, FILES))
        except CodeError:
            opened = None
    assert opened == (None if found["ada"].refusal else found["ada"].files)
