import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from workbook.gradebook import Gradebook
from workbook.runtime import processes

SCHEMA = json.loads(files("workbook.grading").joinpath("schema.json").read_text())
WRONG = "def lambda_handler(event, context):\n    return {'statusCode': 200}\n"
SLOW = "import time\ndef lambda_handler(event, context):\n    time.sleep(0.3)\n    return {'statusCode': 200}\n"
# The command on a machine where there is no bubblewrap.
WITHOUT_BUBBLEWRAP = """
from workbook.sandbox import bubblewrap
bubblewrap.find = lambda: None
from workbook.cli.app import run
run()
"""

pytestmark = pytest.mark.skipif(not processes.LINUX, reason="only Linux isolates submissions")


@pytest.fixture
def lab(make_lab):
    return make_lab()


@pytest.fixture
def group(lab, tmp_path: Path) -> Path:
    """Four submissions: a folder and a zip of the solution, a wrong .py, and a folder with nothing of use."""
    folder = tmp_path / "course" / "group"
    solution = (lab.solution / "lambda_function.py").read_text()
    (folder / "ada").mkdir(parents=True)
    (folder / "ada" / "lambda_function.py").write_text(solution)
    with zipfile.ZipFile(folder / "bob.zip", "w") as archive:
        archive.writestr("lambda_function.py", solution)
    (folder / "cy.py").write_text(WRONG)
    (folder / "dee").mkdir()
    (folder / "dee" / "notes.txt").write_text("to do")
    return folder


def marks(document: dict) -> dict[str, tuple[str, int | None]]:
    return {result["submission"]["id"]: (result["status"], result["score"]) for result in document["results"]}


def grade(run, *arguments: str, code: int = 0) -> dict:
    done = run("grade", "1", "group", "--json", *arguments)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_every_submission_gets_one_record(run, group, tmp_path: Path) -> None:
    document = grade(run)
    assert marks(document) == {
        "ada": ("passed", 15),
        "bob.zip": ("passed", 15),
        "cy.py": ("failed", 4),
        "dee": ("rejected", 0),
    }
    for result in document["results"]:
        jsonschema.validate(result, SCHEMA)
        assert (result["sandbox"], result["max_score"]) == ("namespaces", 15)
    book = Gradebook.open(f"sqlite:///{tmp_path}/course/gradebook.db")
    assert sorted(attempt.submission_id for attempt in book.attempts()) == sorted(marks(document))
    book.close()


def test_the_terminal_shows_marks_and_reasons(run, group) -> None:
    done = run("grade", "1", "group")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 submissions, isolated" in done.stdout
    assert "1 check is hidden from students, worth 5 points." in done.stdout
    assert "4/15  failed" in done.stdout
    assert "4 submissions: 2 passed, 1 failed, 1 rejected." in done.stdout
    assert "lambda_function.py" in done.stdout.partition("Rejected:")[2]
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_only_what_changed_is_judged_again(run, group, lab, tmp_path: Path) -> None:
    grade(run)
    assert "4 had not changed" in run("grade", "1", "group").stdout
    (group / "cy.py").write_text((lab.solution / "lambda_function.py").read_text())
    done = run("grade", "1", "group")
    assert "3 had not changed" in done.stdout
    assert "cy.py" in done.stdout
    suite = next(lab.folder.glob("test_*.py"))
    suite.write_text(suite.read_text() + "\n# a word more\n")
    assert "kept" not in run("grade", "1", "group", "--only", "ada").stdout
    assert marks(grade(run, "--only", "ada", "--only", "cy.py")) == {"ada": ("passed", 15), "cy.py": ("passed", 15)}
    assert "kept" not in run("grade", "1", "group", "--only", "ada", "--force").stdout
    book = Gradebook.open(f"sqlite:///{tmp_path}/course/gradebook.db")
    assert [attempt.document["score"] for attempt in book.attempts(submission_id="cy.py")] == [4, 15, 15]
    book.close()


def test_a_roster_gives_the_ids(run, group) -> None:
    (group / "roster.csv").write_text("id,name\ns-1,ada\ns-2,bob\ns-3,cy\n")
    assert marks(grade(run, "--roster", "group/roster.csv")).keys() == {"s-1", "s-2", "s-3", "dee"}
    shown = run("grade", "1", "group", "--roster", "group/roster.csv").stdout
    assert shown.partition("To look at:")[2].split()[0] == "dee"


def test_the_gradebook_may_lie_among_the_submissions(run, group) -> None:
    url = "sqlite:///group/gradebook.db"
    assert len(grade(run, "--gradebook", url)["results"]) == len(grade(run, "--gradebook", url)["results"]) == 4


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["1", "nowhere"], 2, "nowhere"),
        (["1", "group", "--only", "\x1b[2Jeve"], 2, "\\x1b[2Jeve"),
        (["1", "group", "--roster", "nowhere.csv"], 2, "nowhere.csv"),
        (["1", "group", "--gradebook", "sqlite:///group"], 3, "group"),
        (["1", "group", "--gradebook", "no url"], 3, "sqlite:///"),
        (["1"], 2, "SUBMISSIONS"),
    ],
)
def test_wrong_usage_is_told(run, group, arguments: list[str], code: int, words: str) -> None:
    done = run("grade", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "\x1b" not in done.stderr


def test_an_edition_without_solutions_cannot_grade(make_lab, run, tmp_path: Path) -> None:
    make_lab(solution=None)
    done = run("grade", "1", str(tmp_path))
    assert done.returncode == 3
    assert "hidden checks" in done.stderr


def test_without_isolation_it_refuses_with_the_cure(lab, group) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_BUBBLEWRAP, "grade", "1", "group"],
        cwd=group.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert "apt install bubblewrap" in done.stderr
    assert "--trust-submissions" in done.stderr


@pytest.mark.parametrize("consent", [["--trust-submissions"], ["--min-tier", "0"]], ids=" ".join)
def test_with_consent_it_goes_on_and_marks_the_records(lab, group, consent: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_BUBBLEWRAP, "grade", "1", "group", "--json", *consent],
        cwd=group.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    document = json.loads(done.stdout)
    assert done.returncode == 0
    assert {result["sandbox"] for result in document["results"]} == {"none"}
    assert marks(document)["ada"] == ("passed", 15)


def test_a_bench_that_breaks_costs_no_mark_and_is_listed(make_lab, run, group, lab) -> None:
    suite = next(lab.folder.glob("test_*.py"))
    suite.write_text(suite.read_text().replace("== 200\n", "== 200\n    import os; os._exit(3)\n", 1))
    done = run("grade", "1", "group", "--only", "ada")
    assert done.returncode == 4
    assert "Not judged, and without a mark:" in done.stdout
    assert "-/15  not judged" in done.stdout
    suite.write_text(suite.read_text().replace("    import os; os._exit(3)\n", ""))
    assert "15/15  passed" in run("grade", "1", "group", "--only", "ada").stdout


@pytest.fixture
def many(lab, tmp_path: Path) -> Path:
    folder = tmp_path / "course" / "many"
    folder.mkdir()
    for number in range(5):
        (folder / f"student{number:02}.py").write_text(SLOW + f"# {number}\n")
    return folder


def start(many: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "workbook", "grade", "1", "many"],
        cwd=many.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def recorded(many: Path) -> list[str]:
    book = Gradebook.open(f"sqlite:///{many.parent}/gradebook.db")
    try:
        return [attempt.submission_id for attempt in book.attempts()]
    finally:
        book.close()


def processes_of(folder: Path) -> list[str]:
    """The command lines of the processes that know the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(folder.parent) in line:
            found.append(line.replace("\0", " "))
    return found


def wait_until_gone(folder: Path) -> list[str]:
    for _ in range(600):  # a bench that is being started finds out after its first imports
        if not (left := processes_of(folder)):
            return []
        time.sleep(0.05)
    return left


def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(many, run) -> None:
    grader = start(many)
    lines = [grader.stdout.readline() for _ in range(3)]
    grader.send_signal(signal.SIGINT)
    rest, errors = grader.communicate(timeout=60)
    shown = [line.split()[0] for line in [*lines, *rest.splitlines()] if line.startswith("student")]
    assert grader.returncode == 1
    assert f"Stopped. {len(shown)} of 5 are in the gradebook" in errors
    assert "Traceback" not in errors
    assert sorted(recorded(many)) == sorted(shown)
    assert wait_until_gone(many) == []
    done = run("grade", "1", "many")
    assert f"{len(shown)} had not changed" in done.stdout
    assert len(recorded(many)) == 5


@pytest.mark.parametrize("lines", [1, 2, 4])
def test_sigkill_loses_nothing_that_was_shown_and_leaves_nothing(many, run, tmp_path: Path, lines: int) -> None:
    grader = start(many)
    shown = [grader.stdout.readline() for _ in range(lines)][1:]
    time.sleep(0.3 * lines)
    os.kill(grader.pid, signal.SIGKILL)
    rest, _ = grader.communicate(timeout=60)
    names = [line.split()[0] for line in [*shown, *rest.splitlines()] if line.startswith("student")]
    assert wait_until_gone(many) == []
    assert set(names) <= set(recorded(many))
    run("grade", "1", "many")
    assert sorted(recorded(many)) == [f"student{number:02}.py" for number in range(5)]
