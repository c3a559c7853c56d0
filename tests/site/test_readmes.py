"""The labs' READMEs on the site: whole, at GitHub's anchors, with links that lead to the site's pages."""

import re
import subprocess
import sys
from pathlib import Path

import markdown
import pytest

from workbook.course.labs import Course
from workbook.site.fault import PageFault

ROOT = Path(__file__).resolve().parents[2]
LABS = [lab.id for lab in Course(ROOT).labs]
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
FENCE = re.compile(r"(?ms)^```.*?^```$")

LINKS = {
    "[a](../02_b/README.md)": '<a href="02_b.md">a</a>',
    "[a](../02_b/README.md#the-contract)": '<a href="02_b.md#the-contract">a</a>',
    "[a](../02_b/)": '<a href="02_b.md">a</a>',
    "[a](../../docs/index.md#start)": '<a href="../index.md#start">a</a>',
    "[a](../../docs/console/create.md)": '<a href="../console/create.md">a</a>',
    "[a](#tasks)": '<a href="#tasks">a</a>',
    "[a](https://docs.aws.amazon.com/lambda/)": '<a href="https://docs.aws.amazon.com/lambda/">a</a>',
    "[01_a.ipynb](../../notebooks/01_a.ipynb)": "<code>notebooks/01_a.ipynb</code>",
    "[events/one.json](events/one.json)": "<code>labs/01_a/events/one.json</code>",
    "[the suite](test_a.py)": "<span>the suite (<code>labs/01_a/test_a.py</code>)</span>",
    "[*the* suite](test_a.py)": "<span><em>the</em> suite (<code>labs/01_a/test_a.py</code>)</span>",
    "[a](nowhere.json)": '<a href="../../labs/01_a/nowhere.json">a</a>',
    "[a](../09_z/README.md)": '<a href="09_z.md">a</a>',
    "![a](../../docs/assets/a.svg)": '<img alt="a" src="../assets/a.svg" />',
    "![a](test_a.py)": '<img alt="a" src="../../labs/01_a/test_a.py" />',
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in ("labs/01_a/test_a.py", "labs/01_a/events/one.json", "labs/02_b/README.md", "notebooks/01_a.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# B\n\n## The contract\n")
    return tmp_path


def convert(repository: Path, page: str = "{{ readme: 01_a }}", **settings: str) -> str:
    given = {"workbook.site.directives": {"root": str(repository), **settings}}
    return markdown.markdown(page, extensions=["attr_list", "workbook.site.directives"], extension_configs=given)


@pytest.mark.parametrize("written", LINKS)
def test_a_link_leads_where_it_leads_on_github(repository: Path, written: str) -> None:
    (repository / "labs/01_a/README.md").write_text(f"# A\n\n{written}\n")
    assert convert(repository) == f"<h1>A</h1>\n<p>{LINKS[written]}</p>"


def test_a_file_that_is_no_page_is_linked_to_where_the_repository_is_browsed(repository: Path) -> None:
    (repository / "labs/01_a/README.md").write_text("[the suite](test_a.py#L3)")
    shown = convert(repository, repo_url="https://example.org/workbook/")
    assert shown == '<p><a href="https://example.org/workbook/blob/HEAD/labs/01_a/test_a.py#L3">the suite</a></p>'


def test_links_of_other_pages_are_left_alone(repository: Path) -> None:
    assert convert(repository, "[a](../02_b/README.md)") == '<p><a href="../02_b/README.md">a</a></p>'


def test_a_readme_that_is_not_there_is_named(repository: Path) -> None:
    with pytest.raises(PageFault, match=r"labs/07_z/README\.md cannot be read"):
        convert(repository, "{{ readme: 07_z }}")


@pytest.mark.parametrize(
    ("readme", "words"),
    [
        ("[a](events/none.json)", "labs/01_a/events/none.json"),
        ("[a](../02_b/README.md#no-such-heading)", "#no-such-heading"),
        ("[a](../../docs/none.md)", "none.md"),
        ("[a](#nowhere)", "#nowhere"),
    ],
)
def test_a_wrong_link_in_a_readme_fails_the_build(repository: Path, readme: str, words: str) -> None:
    done = build(repository, readme)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_right_links_pass_the_build(repository: Path) -> None:
    done = build(repository, "[a](../02_b/README.md#the-contract) [b](../../docs/index.md) [c](events/one.json)")
    assert done.returncode == 0, done.stderr


def build(repository: Path, readme: str, start: str = "# Start") -> subprocess.CompletedProcess[str]:
    """A small site with the settings that matter of our own."""
    (repository / "labs/01_a/README.md").write_text(f"# A\n\n{readme}\n")
    pages = {"index.md": start, "labs/01_a.md": "{{ readme: 01_a }}", "labs/02_b.md": "{{ readme: 02_b }}"}
    for name, text in pages.items():
        page = repository / "docs" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text)
    own = (ROOT / "mkdocs.yml").read_text("utf-8")
    strict = own[own.index("strict: true") :]
    (repository / "mkdocs.yml").write_text(
        f"site_name: Small\ntheme: {{name: mkdocs}}\nplugins: []\n{strict}\nmarkdown_extensions:\n  - toc\n"
        f"  - workbook.site.directives: {{root: '{repository}'}}\n"
    )
    command = [sys.executable, "-P", "-m", "mkdocs", "build"]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("page", ["{{ fact: limits.none }}", "{{ nothing }}", "{{ facts: none }}"])
def test_what_is_not_known_fails_the_build(repository: Path, page: str) -> None:
    done = build(repository, "a", start=page)
    assert done.returncode == 1
    assert "here is no" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("lab", LABS)
def test_every_lab_has_a_page_with_githubs_anchors(site, lab: str) -> None:
    page = site.pages[f"labs/{lab}/index.html"]
    readme = FENCE.sub("", (ROOT / "labs" / lab / "README.md").read_text("utf-8"))
    headings = HEADING.findall(readme)
    assert len(headings) > 5
    assert [slug for slug in map(github_slug, headings) if slug not in page.ids] == []


def github_slug(heading: str) -> str:
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    return re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")


def test_no_page_of_a_lab_holds_more_than_its_readme() -> None:
    pages = {path.stem: path.read_text("utf-8").strip() for path in (ROOT / "docs/labs").glob("[0-9]*.md")}
    assert pages == {lab: f"{{{{ readme: {lab} }}}}" for lab in LABS}
