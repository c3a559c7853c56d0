"""What is proved without running any function: each finding can be made to appear."""

import pytest

from workbook.proof import Group, prove

TOML, README, SUITE = "lab/lab.toml", "lab/README.md", "lab/test_greeting.py"
HIDDEN, DECLARED = "solution/test_greeting_hidden.py", "solution/mistakes/mistakes.toml"
NOTEBOOK = "notebooks/01_greeting.ipynb"
STATIC = [Group.MANIFEST, Group.FILES, Group.NOTEBOOK, Group.SUITE, Group.README]
SOLUTION_LINES = r"""station = event.get(\"station\")\n# a remark\nif not station:\n\n    return {\"statusCode\": 400}
greeting = f\"{os.environ['GREETING']} {station}\"""".replace("\n", r"\n")

MANIFEST = {
    "manifest": [
        ((TOML, "minutes = 5", "minutes = 0"), "labs/01_greeting/lab.toml: minutes: "),
        ((TOML, None, None), "labs/01_greeting/lab.toml: there is no such file"),
        (("lab/test_more.py", None, ""), "labs/01_greeting/test_*.py: a lab has one suite"),
    ],
    "files": [
        (("lab/lambda_function.py", None, None), "labs/01_greeting/lambda_function.py: there is no such file"),
        (
            ("solution/lambda_function.py", None, None),
            "solutions/01_greeting/lambda_function.py: there is no such file",
        ),
        ((TOML, "lambda_function.", "greeting."), "lies in greeting.py, which is none of files"),
        (
            (TOML, "minutes", 'files = ["lambda_function.py", "lambda_deploy.zip"]\nminutes'),
            "solutions/01_greeting/lambda_deploy.zip: there is no such file",
        ),
        ((TOML, "[function]", '[function]\npolicy = "policy.json"'), "it names policy.json, and there is no such file"),
    ],
    "hints": [
        ((TOML, '    "What does Lambda send back?",\n', ""), "task 1 has 2 hints, and should have 3"),
        ((TOML, "Who is to be greeted?", "What does  LAMBDA send back?"), "a hint of task 1 stands again in task 2"),
    ],
}
FILES = {
    "events": [
        (("lab/events", None, None), "labs/01_greeting/events: there is no sample event"),
        (("lab/events/greeted.json", "}", ""), "labs/01_greeting/events/greeted.json: it is no event"),
    ],
    "api": [
        (
            (TOML, "[[task]]", '[api]\nresponses = "events/greeted.json"\n[[task]]'),
            "it does not say what the API answers",
        ),
    ],
    "kept": [
        (("solution", None, None), "solutions/01_greeting: there is no such folder"),
        ((HIDDEN, None, None), "solutions/01_greeting: there are no hidden checks"),
        (
            ("solution/design.md", None, " \n"),
            "solutions/01_greeting/design.md: there is no such file, or nothing in it",
        ),
    ],
    "stray": [
        (("lab/notes.txt", None, ""), "labs/01_greeting/notes.txt: a stray file"),
        (("lab/api.json", None, "{}"), "labs/01_greeting/api.json: a stray file"),
        (("lab/events/notes.txt", None, ""), "labs/01_greeting/events/notes.txt: a stray file"),
        (("solution/old.py", None, ""), "solutions/01_greeting/old.py: a stray file"),
        (("solution/mistakes/notes.txt", None, ""), "solutions/01_greeting/mistakes/notes.txt: a stray file"),
    ],
    "mistakes": [
        (("solution/mistakes/new.py", None, ""), "solutions/01_greeting/mistakes/new.py: it is not declared"),
        (
            (DECLARED, "[[mistake]]", '[[mistake]]\npath = "greeting_in_code.py"\n[[mistake]]'),
            "declared more than once",
        ),
        ((DECLARED, "greeting_in_code", "gone"), "mistakes.toml: it declares gone.py, and that is not there"),
        ((DECLARED, None, None), "mistakes.toml: there is no such file"),
        ((DECLARED, "]]", ""), "mistakes.toml: is not valid TOML"),
        ((DECLARED, "says", "tells"), "[[mistake]] 1 'tells': is no key that belongs here"),
        ((DECLARED, "greeting_in", "../greeting_in"), "'../greeting_in_code.py' is no name in mistakes/"),
        ((DECLARED, "path", "# path"), "[[mistake]] 1 path: is missing"),
    ],
}
NOTEBOOKS = {
    "notebook": [
        ((NOTEBOOK, None, None), "notebooks/01_greeting.ipynb: there is no such file"),
        ((NOTEBOOK, None, "[]"), "it cannot be read as a notebook"),
        ((NOTEBOOK, '"outputs": []', '"outputs": [{"output_type": "stream"}]'), "cell 2 keeps its output"),
        ((NOTEBOOK, '"execution_count": null', '"execution_count": 3'), "cell 2 keeps its output"),
        ((NOTEBOOK, r"{}.get(\"station\")", SOLUTION_LINES), "cell 2 holds 4 lines of the solution, from 'station ="),
    ],
}
SUITES = {
    "suite": [
        ((SUITE, "import pytest", "import pytest ="), "a suite cannot be read"),
        ((SUITE, "@pytest.mark.task(1)\n", ""), "a suite cannot be read"),
        ((SUITE, "@pytest.mark.task(1)\ndef test_", "def "), "it has 7 checks, and should have 8 to 14"),
        ((SUITE, "points=2", "points=3"), "its checks total 11 points, and should total 10, 20 or 30"),
        ((SUITE, "task(1", "task(3"), "test_answers belongs to task 3, and lab.toml has 2 tasks"),
        ((HIDDEN, "task(1", "task(3"), "test_greeting_hidden.py: test_refuses_a_blank_station belongs to task 3"),
        ((TOML, "[[task]]", '[[task]]\ntitle = "More"\nhints = []\n[[task]]'), "no check judges task 3"),
    ],
    "docstrings": [
        ((SUITE, '    """answers 200"""\n', ""), "test_answers has no docstring"),
        ((HIDDEN, '    """greets a station with a long name"""\n', ""), "test_greets_a_long_name has no docstring"),
        ((SUITE, "ignores other keys of the event", "answers 200"), "has the same docstring as test_answers"),
    ],
    "needs": [
        ((SUITE, 'needs="test_greets_by_name"', 'needs="test_greets"'), "needs test_greets, and no check of that name"),
        ((SUITE, "points=2", 'points=2, needs="test_greets_twice"'), "test_answers needs test_greets_twice"),
        ((HIDDEN, "task(1", 'task(1, needs="test_answers"'), "test_refuses_a_blank_station needs test_answers"),
    ],
}
READMES = {
    "readme": [
        ((README, None, None), "labs/01_greeting/README.md: there is no such file"),
        ((README, "# Lab 01: Greeting", "# Lab 01: Hello"), "its first line is not the manifest's title"),
        ((README, "**Goal:**", "Goal:"), "it has no **Goal:**"),
        ((README, "5 minutes", "6 minutes"), "it says 6 minutes, and lab.toml 5"),
        ((README, "5 minutes", "not long"), "it gives no time in minutes"),
        ((README, "- to answer;\n", ""), "You will learn lists 2 things"),
        ((README, "## Go further", "## Further"), "it has no section Go further"),
        ((README, "Stations like to be greeted.", ""), "it has no section The story, or an empty one"),
        ((README, "|---|---|---|", "|"), "Common errors has no table"),
    ],
    "tasks": [
        ((README, "### Task 1", "### Task 3"), "its tasks are 3, 2; lab.toml has 2"),
        ((README, "### Task 2: Greet", "### Task 2: Salute"), "task 2 is called 'Salute', in lab.toml 'Greet'"),
        ((README, "--task 2", "--task 20"), "task 2 does not end in its command"),
        ((README, "4 of 4 checks passed, 5", "4 of 4 checks passed, 6"), "task 1 does not say what its command prints"),
        ((SUITE, 'needs="test_greets_by_name"', 'needs="test_answers"'), "task 2 does not say what its command prints"),
    ],
    "contract": [
        ((README, "|---|---|\n", ""), "The contract has no table"),
        ((README, "`GREETING`", "a variable"), "it does not name the variable GREETING"),
        (
            (README, "a `name` is ignored", ""),
            "it does not name 'name', a key of labs/01_greeting/events/misnamed.json",
        ),
        (
            (README, '`{"statusCode": 400}`', "refused"),
            "does not name the status code 400, which labs/01_greeting/test_",
        ),
        ((HIDDEN, "== 400", "in (400, 422)"), "does not name the status code 422, which solutions/01_greeting/test_"),
    ],
}
CASES = [
    pytest.param(group, edit, id, text, id=f"{id}-{text[-50:]}")
    for group, found in zip(STATIC, (MANIFEST, FILES, NOTEBOOKS, SUITES, READMES), strict=True)
    for id, cases in found.items()
    for edit, text in cases
]


def test_the_course_is_sound(draft) -> None:
    facts = list(prove(draft.lab, None, STATIC))
    assert [fact.text for fact in facts if not fact.ok] == []
    assert [fact.id for fact in facts] == [
        "manifest", "files", "hints", "events", "kept", "stray", "mistakes", "notebook", "suite", "docstrings", "needs",
        "readme", "tasks", "contract",
    ]  # fmt: skip
    told = {fact.id: fact.text for fact in facts}
    assert told["suite"] == "8 public checks for 10 points, at least one for each task; 2 hidden checks"
    assert told["contract"].endswith("the README names 1 variable, 2 event keys and 2 status codes")


@pytest.mark.parametrize(("group", "edit", "id", "text"), CASES)
def test_finding(draft, group, edit, id, text) -> None:
    draft.edit(*edit)
    found = [fact for fact in prove(draft.lab, None, [group]) if not fact.ok]
    assert [fact for fact in found if fact.id == id and text in fact.text and fact.cure], found


def test_no_mistake_is_kept(draft) -> None:
    draft.edit("solution/mistakes/greeting_in_code.py", None, None)
    draft.edit(DECLARED, None, "")
    texts = [fact.text for fact in prove(draft.lab, None, [Group.FILES]) if not fact.ok]
    assert texts == ["solutions/01_greeting/mistakes/mistakes.toml: no mistake is kept"]


def test_what_a_manifest_names_is_not_stray(draft) -> None:
    named = 'policy = "policy.json"\nrequirements = "requirements.txt"'
    draft.edit(TOML, "[function]", f"[function]\n{named}")
    draft.edit(TOML, "[[task]]", '[api]\nresponses = "api.json"\n[[task]]')
    for name in ("policy.json", "requirements.txt", "requirements.lock", "api.json"):
        draft.edit(f"lab/{name}", None, "{}")
    draft.path("lab/__pycache__").mkdir()
    found = {fact.id: fact for fact in prove(draft.lab, None, [Group.FILES])}
    assert (found["stray"].ok, found["api"].ok) == (True, True)


def test_nothing_is_run_while_a_file_is_missing(draft) -> None:
    draft.edit("lab/lambda_function.py", None, None)
    assert list(prove(draft.lab, None, [Group.STARTER, Group.SOLUTION, Group.MISTAKES])) == []
