"""`lab progress`: a line for each lab, the total, the next step."""

import json
from datetime import date


def keep_progress(lab, text: str) -> None:
    folder = lab.folder.parents[1] / ".workbook"
    folder.mkdir()
    (folder / "progress.toml").write_text(text)


def test_it_starts_empty_and_names_the_next_step(make_lab, run) -> None:
    make_lab()
    done = run("progress")
    assert done.returncode == 0
    assert "01  Greeting" in done.stdout
    assert done.stdout.rstrip().endswith("then ./lab check 1")


def test_a_check_and_hints_show_in_their_lab_and_in_the_total(make_lab, run) -> None:
    lab = make_lab()
    make_lab(name="02_parting")
    (lab.folder / "lambda_function.py").write_text((lab.solution / "lambda_function.py").read_text())
    run("hint", "1", "--task", "2")
    run("check", "1")
    first, second, total = run("progress").stdout.splitlines()[1:4]
    assert first.split() == ["01", "Greeting", "2/2", "10/10", "1", "1", str(date.today())]
    assert second.split() == ["02", "Greeting", "0/2", "-", "0", "0", "-"]
    assert total.split() == ["Total", "2/4", "10/10", "1", "1", "1", "of", "2", "labs"]


def test_the_best_score_stays_when_the_last_run_was_worse(make_lab, run) -> None:
    lab = make_lab()
    keep_progress(
        lab,
        "version = 1\n[labs.01_greeting]\nscore = 10\nmax_score = 10\ntasks = [1]\nattempts = 4\n"
        "completed = 2026-01-15\nhints = {1 = 3, 2 = 1}\n",
    )
    assert run("progress").stdout.splitlines()[1].split()[2:] == ["1/2", "10/10", "4", "4", "2026-01-15"]


def test_json_is_one_document_with_the_same_facts(make_lab, run) -> None:
    lab = make_lab()
    run("hint", "1", "--task", "2")
    run("check", "1", "--json")
    document = json.loads(run("progress", "--json").stdout)
    assert document["schema"] == 1
    assert document["labs"] == [
        {
            "lab": lab.id,
            "title": "Greeting",
            "tasks": 2,
            "tasks_passed": [],
            "score": 0,
            "max_score": 10,
            "hints": {"2": 1},
            "attempts": 1,
            "completed": None,
            "problem": None,
        }
    ]
    assert document["total"]["labs_done"] == 0
    assert document["total"]["max_score"] == 10
    assert document["next"] == {"lab": lab.id, "task": 1, "done": False}


def test_a_task_that_the_lab_no_longer_has_is_not_counted(make_lab, run) -> None:
    lab = make_lab()
    keep_progress(
        lab, "version = 1\n[labs.01_greeting]\ntasks = [1, 2, 7]\n[labs.99_gone]\ntasks = [1]\nattempts = 5\n"
    )
    lines = run("progress").stdout.splitlines()
    assert lines[1].split()[2] == "2/2"
    assert lines[2].split()[:2] == ["Total", "2/2"]


def test_a_broken_file_is_set_aside_with_a_word(make_lab, run) -> None:
    lab = make_lab()
    keep_progress(lab, "no toml at all")
    done = run("progress")
    assert done.returncode == 0
    assert "progress.toml.broken-" in done.stderr
    assert "01  Greeting" in done.stdout


def test_a_lab_whose_manifest_is_broken_has_its_line(make_lab, run) -> None:
    lab = make_lab()
    manifest = lab.folder / "lab.toml"
    manifest.write_text(manifest.read_text().replace("timeout = 60", "timeout = 1000"))
    done = run("progress")
    assert done.returncode == 0
    assert "timeout" in done.stdout
    assert "timeout" in json.loads(run("progress", "--json").stdout)["labs"][0]["problem"]
