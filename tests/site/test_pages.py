"""What pages say of the course is what the course holds."""

import re
from pathlib import Path

from workbook.course.labs import Course

DOCS = Path(__file__).resolve().parents[2] / "docs"
LABS = Course(DOCS.parent).labs


def test_the_syllabus_has_every_lab_with_its_title_and_its_minutes() -> None:
    page = (DOCS / "syllabus.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| \[(\d\d) (.+?)\]\((labs/\S+?)\.md\) \| (\d+) \|", page)
    held = [(lab.id[:2], lab.manifest.title, f"labs/{lab.id}", str(lab.manifest.minutes)) for lab in LABS]
    assert rows == held
    assert f"In all {sum(lab.manifest.minutes for lab in LABS)} minutes" in page


def test_the_plans_give_each_lab_once_and_add_up() -> None:
    page = (DOCS / "syllabus.md").read_text("utf-8")
    minutes = {lab.id[:2]: lab.manifest.minutes for lab in LABS}
    weeks = re.findall(r"(?m)^\| \d \| ([\d, ]+) \| (\d+) \|", page)
    halves = re.findall(r"((?:\d\d, )*\d\d) \((\d+) minutes\)", page)
    for plan in (weeks, halves):
        given = [lab for labs, _ in plan for lab in labs.split(", ")]
        assert given == list(minutes)
        assert [int(sum_) for _, sum_ in plan] == [sum(minutes[lab] for lab in labs.split(", ")) for labs, _ in plan]


def test_every_item_of_the_checklist_says_where_it_is_done_and_what_proves_it() -> None:
    page = (DOCS / "checklist.md").read_text("utf-8")
    items = re.split(r"(?m)^- \[ \] ", page)[1:]
    assert len(items) > 10
    for item in items:
        assert re.search(r"\]\((?:console/|schedules|labs/)", item), item
        assert re.search(r"\{\{ (?:verify|check): ", item), item


SEED = {
    "What Is AWS Lambda?": "what-is-lambda",
    "Lambda Function Basics": "handler",
    "Creating a Lambda Function in the AWS Console": "creating-a-function",
    "Environment Variables": "environment-variables",
    "Scheduling Lambda with EventBridge": "scheduling",
    "Packaging Your Lambda (Python + Dependencies)": "packaging",
    "IAM Permissions": "iam",
    "Using S3 from Lambda": "s3",
    "Logging and CloudWatch": "logging",
    "Exception Handling": "exceptions",
    "Local Testing (Before Uploading)": "local-testing",
}


def test_the_reference_has_a_page_for_each_section_of_the_first_text() -> None:
    pages = {path.stem for path in (DOCS / "reference").glob("*.md")}
    assert pages == {*SEED.values(), "index"}
    listed = re.findall(r"\]\(([\w-]+)\.md\)", (DOCS / "reference" / "index.md").read_text("utf-8"))
    assert set(SEED.values()) <= set(listed)


def test_the_glossary_is_in_order_and_has_each_word_once() -> None:
    page = (DOCS / "glossary.md").read_text("utf-8")
    own, field = page.split("\n## ")[1:]
    words = re.findall(r"(?m)^(\S.*)\n:   ", field)
    assert words == sorted(words, key=str.lower)
    words += re.findall(r"(?m)^(\S.*)\n:   ", own)
    assert len(set(words)) == len(words) > 40


def test_readmes_find_the_anchor_that_they_link_to(site) -> None:
    assert "where-your-function-runs" in site.pages["index.html"].ids


def test_the_newest_python_is_named_by_the_dated_file_alone() -> None:
    """A page that types a version of Python as advice grows old; a command may hold one."""
    advice = re.compile(r"(?i)(?:choose|take|use|runtime[^.|]*) python 3\.\d+")
    own = [DOCS / "index.md", *(DOCS / "reference").glob("*.md"), DOCS / "glossary.md"]
    assert [path.name for path in own if advice.search(path.read_text("utf-8"))] == []
