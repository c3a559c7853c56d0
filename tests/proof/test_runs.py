"""What is proved by running a lab's codes. Each test breaks a course in several places and runs it once."""

import json
import zipfile
from concurrent.futures import Executor, Future

import pytest

from workbook.bench import BenchError
from workbook.proof import Fact, Group, prove

DECLARED = "solution/mistakes/mistakes.toml"
MISTAKE = '[[mistake]]\npath = "{}"\nfails = {}\nsays = {}\n'
STARTER = "lab/lambda_function.py"


def find(facts: list[Fact]) -> dict[str, list[str]]:
    """The findings by the fact that they speak against; an empty list for one that holds."""
    found: dict[str, list[str]] = {fact.id: [] for fact in facts}
    for fact in facts:
        assert fact.ok or fact.cure
        found[fact.id] += [] if fact.ok else [fact.text]
    return found


def declare(draft, *mistakes: tuple[str, list[str], list[str]]) -> None:
    """Add these mistakes to the course's declaration."""
    added = "".join(MISTAKE.format(path, json.dumps(fails), json.dumps(says)) for path, fails, says in mistakes)
    draft.edit(DECLARED, "", added)


def test_solution_and_variants(draft, processes) -> None:
    draft.edit("lab/lab.toml", "[function]", "[function]\ntimeout = 1")
    draft.edit("lab/events/slow.json", None, '{"station": "slow"}')
    draft.edit("solution/lambda_function.py", "import os", "import os\nimport time")
    draft.edit(
        "solution/lambda_function.py",
        "    if not station",
        "    time.sleep(9 * (station == 'slow'))\n    if not station",
    )
    draft.edit("solution/lambda_function.py", "if not station", "if station is None")
    draft.edit(
        "solution/variants/wrong.py", None, "def lambda_handler(event, context):\n    return {'statusCode': 400}\n"
    )
    draft.path("solution/variants/linked").mkdir()
    draft.path("solution/variants/linked/elsewhere.py").symlink_to("nowhere")
    found = find(list(prove(draft.lab, processes, [Group.SOLUTION])))
    assert list(found) == ["solution", "budget", "events-run", "variant.linked", "variant.one_line", "variant.wrong"]
    assert len(found["solution"]) == 1
    place = "solutions/01_greeting/lambda_function.py"
    assert found["solution"][0].startswith(f"{place}: test_refuses_a_blank_station is failed: called    the function")
    assert found["events-run"] == ["labs/01_greeting/events/slow.json: the solution times out with it"]
    assert "linked: it cannot be taken in: elsewhere.py is a link" in found["variant.linked"][0]
    assert found["variant.one_line"] == []
    assert "variants/wrong.py: test_answers is failed: " in found["variant.wrong"][0]


def test_budget(draft, processes) -> None:
    draft.edit("lab/lab.toml", "budget = 30", "budget = 1")
    draft.edit("solution/lambda_function.py", "import os", "import os\nimport time\n\ntime.sleep(0.2)")
    draft.edit("solution/variants", None, None)
    found = find(list(prove(draft.lab, processes, [Group.SOLUTION])))
    assert "labs/01_greeting/lab.toml: the public checks of the solution take " in found["budget"][0]
    assert any("is timeout: The time for all checks" in text for text in found["solution"])


def test_mistakes(draft, processes) -> None:
    solution = draft.path("solution/lambda_function.py").read_text("utf-8")
    draft.edit("solution/mistakes/no_mistake.py", None, solution)
    draft.edit("solution/mistakes/never_refuses.py", None, solution.replace("if not station", "if False"))
    draft.path("solution/mistakes/linked").mkdir()
    draft.path("solution/mistakes/linked/elsewhere.py").symlink_to("nowhere")
    declare(
        draft,
        ("never_refuses.py", ["test_refuses_no_station", "test_answers", "test_none"], ["Refuse it kindly."]),
        ("no_mistake.py", ["test_answers"], ["anything"]),
        ("linked", [], []),
    )
    found = find(list(prove(draft.lab, processes, [Group.MISTAKES])))
    place = "solutions/01_greeting/mistakes/never_refuses.py"
    assert found == {
        "mistake.never_refuses": [
            f"{place}: its fails names test_none, and there is no such check",
            f"{place}: it also fails test_refuses_a_blank_station",
            f"{place}: it passes test_answers, test_none",
            f"{place}: no failed check says 'Refuse it kindly.'",
        ],
        "mistake.no_mistake": [
            "solutions/01_greeting/mistakes/no_mistake.py: it passes every check: a hole in the suite"
        ],
        "mistake.linked": [
            "solutions/01_greeting/mistakes/linked: it cannot be taken in: elsewhere.py is a link or a special file. "
            "Put a copy of what it stands for there."
        ],
        "mistake.greeting_in_code": [],
    }


def test_mistake_without_words(draft, processes) -> None:
    draft.edit(DECLARED, "says = ['\"good evening north-quay\"']", "says = []")
    found = find(list(prove(draft.lab, processes, [Group.MISTAKES])))
    place = "solutions/01_greeting/mistakes/greeting_in_code.py"
    assert found == {"mistake.greeting_in_code": [f"{place}: its says is empty"]}


def test_starter_that_knows_too_much(draft, processes) -> None:
    draft.edit(STARTER, "501", "200 if event else 400")
    draft.edit(DECLARED, "", '[starter]\nsays = ["the check looked for \'greeting\'", "Greet the station"]\n')
    found = find(list(prove(draft.lab, processes, [Group.STARTER])))
    assert found == {
        "starter": [],
        "starter-tasks": [
            "labs/01_greeting/lambda_function.py: the starter passes every check of task 1 before anything is written",
            "solutions/01_greeting/mistakes/mistakes.toml: no failed check of the starter says "
            "\"the check looked for 'greeting'\"",
        ],
    }


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("lambda_handler", "handler", "Runtime.HandlerNotFound"),
        ("return", "return return", "Runtime.UserCodeSyntaxError"),
        ("501", "status", "NameError"),
    ],
)
def test_starter_that_fails_by_accident(draft, processes, old, new, error) -> None:
    draft.edit(STARTER, old, new)
    found = find(list(prove(draft.lab, processes, [Group.STARTER])))
    assert found["starter"][0].startswith(f"labs/01_greeting/lambda_function.py: the starter does not run: {error}")
    assert f"the starter fails test_answers by accident: {error}" in found["starter-tasks"][0]


def test_starter_whose_error_is_declared(draft, processes) -> None:
    draft.edit(STARTER, "return", 'if "station" in event:\n        raise ImportError("not written yet")\n    return')
    draft.edit("lab/events/greeted.json", "station", "name")
    draft.edit(DECLARED, "", '[starter]\nsays = ["not written yet"]\n')
    facts = list(prove(draft.lab, processes, [Group.STARTER]))
    assert [fact.text for fact in facts] == [
        "the starter imports and runs",
        "the starter fails 8 of 8 checks, some of each task, as declared",
    ]


FILES = 'files = ["lambda_function.py", "lambda_deploy.zip"]\nminutes'
RECIPE = """
def make(files):
    assert list(files) == ["lambda_function.py"]
    return b"made"
"""


@pytest.fixture
def packing(draft):
    """The course, where the student builds a zip, too; a mistake is to pack something else."""
    draft.edit("lab/lab.toml", "minutes", FILES)
    with zipfile.ZipFile(draft.path("solution/lambda_deploy.zip"), "w") as archive:
        archive.write(draft.path("solution/lambda_function.py"), "lambda_function.py")
    draft.edit(
        "lab/test_greeting.py",
        'answers 200"""',
        'answers 200"""\n    assert function.code.get("lambda_deploy.zip") != b"made", "made by the recipe"',
    )
    draft.path("solution/mistakes/made").mkdir()
    draft.edit("solution/mistakes/made/lambda_deploy.zip.py", None, RECIPE)
    draft.edit("solution/mistakes/greeting_in_code.py", None, None)
    draft.edit(DECLARED, None, "")
    declare(draft, ("made", ["test_answers"], ["made by the recipe"]))
    return draft


def test_a_package_is_built_by_the_student_and_a_mistaken_one_by_its_recipe(packing, processes) -> None:
    facts = list(prove(packing.lab, processes, [Group.MANIFEST, Group.FILES, Group.STARTER, Group.MISTAKES]))
    assert [fact.text for fact in facts if not fact.ok] == []
    assert [fact.id for fact in facts][-2:] == ["starter-tasks", "mistake.made"]
    packing.edit("solution/mistakes/made/lambda_deploy.zip.py", "assert", "raise TypeError('so')\n    assert")
    found = find(list(prove(packing.lab, processes, [Group.MISTAKES])))
    assert found["mistake.made"][0].endswith(
        "made: it cannot be taken in: its recipe lambda_deploy.zip.py failed with TypeError: so."
    )


def test_the_solutions_package_takes_the_sample_events(packing, processes) -> None:
    with zipfile.ZipFile(packing.path("solution/lambda_deploy.zip"), "w") as archive:
        archive.writestr("lambda_function.py", "def lambda_handler(event, context):\n    while True: pass\n")
    found = find(list(prove(packing.lab, processes, [Group.SOLUTION])))
    assert found["solution"] == []
    assert found["events-run"][0].endswith("greeted.json: the solution times out with it")


def test_code_that_cannot_be_taken_in(draft, processes, tmp_path) -> None:
    (tmp_path / "elsewhere.py").touch()
    for path in (draft.path(STARTER), draft.path("solution/lambda_function.py")):
        path.unlink()
        path.symlink_to(tmp_path / "elsewhere.py")
    draft.edit("solution/variants", None, None)
    found = find(list(prove(draft.lab, processes, [Group.STARTER, Group.SOLUTION])))
    assert "labs/01_greeting/lambda_function.py: the starter cannot be taken in: " in found["starter"][0]
    assert "solutions/01_greeting/lambda_function.py: it cannot be taken in: " in found["solution"][0]
    assert (len(found["starter"]), len(found["solution"])) == (1, 1)


def test_a_broken_bench_is_no_finding(draft, processes) -> None:
    draft.edit("lab/test_greeting.py", "function.invoke(EVENT)", "function.invoke(object())")
    with pytest.raises(BenchError, match=r"01_greeting, 01_greeting, test_answers: The bench itself broke"):
        list(prove(draft.lab, processes, [Group.STARTER]))


class _Dying(Executor):
    def submit(self, *_: object, **__: object) -> Future:
        from concurrent.futures.process import BrokenProcessPool

        future: Future = Future()
        future.set_exception(BrokenProcessPool())
        return future


def test_a_process_that_died_is_a_broken_bench(draft) -> None:
    with pytest.raises(BenchError, match="A process that judges ended of itself"):
        list(prove(draft.lab, _Dying(), [Group.SOLUTION]))
