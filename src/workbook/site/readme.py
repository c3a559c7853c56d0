"""A lab's README on the site: the file itself, its links rewritten from the repository's paths to the site's pages."""

import posixpath
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from workbook.site.fault import PageFault

PAGES = "docs/labs"  # where the pages are that show READMEs, seen from the repository


class Readme:
    """The README of the lab `lab` (a folder's name), which the page `docs/labs/<lab>.md` shows.

    Raises PageFault when there is none.
    """

    def __init__(self, root: Path, lab: str) -> None:
        self._root, self._folder = root, f"labs/{lab}"
        try:
            self.text = (root / self._folder / "README.md").read_text("utf-8").expandtabs(4)
        except OSError as error:
            raise PageFault(f"{{{{ readme: {lab} }}}}: {self._folder}/README.md cannot be read.") from error

    def resolve(self, path: str) -> str:
        """A path in the README, as seen from the repository."""
        return posixpath.normpath(posixpath.join(self._folder, path))

    def find_page(self, path: str) -> str | None:
        """The page for a path in the repository, as its neighbours in docs/labs link to it; None: there is none.

        What is nowhere counts as a page, outside of the site: the build then reports the link as it does others.
        """
        if path.startswith("labs/") and path.removesuffix("/README.md").count("/") == 1:
            return f"{path.removesuffix('/README.md').removeprefix('labs/')}.md"
        if path.startswith("docs/") or not (self._root / path).exists():
            return self.seen_from_pages(path)
        return None

    def seen_from_pages(self, path: str) -> str:
        """A path in the repository, as seen from docs/labs."""
        return posixpath.relpath(path, PAGES)


class Links(Treeprocessor):
    """Rewrites the links of a page that shows a README. A file that is no page is linked to where the repository
    can be browsed, if that is known; else its path is told."""

    def __init__(self, md: Markdown, repo_url: str) -> None:
        super().__init__(md)
        self._repo_url = repo_url.rstrip("/")
        self.readme: Readme | None = None

    def run(self, root: Element) -> None:
        if self.readme is None:
            return
        for element in list(root.iter()):
            attribute = {"a": "href", "img": "src"}.get(element.tag, "")
            target = urlsplit(element.get(attribute, ""))
            if target.path and not (target.scheme or target.netloc):
                self._rewrite(element, attribute, target, self.readme)

    def _rewrite(self, element: Element, attribute: str, target: SplitResult, readme: Readme) -> None:
        path = readme.resolve(unquote(target.path))
        page = readme.find_page(path)
        anchor = f"#{target.fragment}" if target.fragment else ""
        if page is None and attribute == "src":
            page = readme.seen_from_pages(path)
        if page is not None:
            element.set(attribute, page + anchor)
        elif self._repo_url:
            element.set(attribute, f"{self._repo_url}/blob/HEAD/{path}{anchor}")
        else:
            _tell_path(element, path)


def _tell_path(link: Element, path: str) -> None:
    """The link's words and the path, as text; the path alone when the words are but the file's name."""
    words = "".join(link.itertext())
    link.attrib.clear()
    if path.endswith(words):
        for child in list(link):
            link.remove(child)
        link.tag, link.text = "code", AtomicString(path)
        return
    link.tag = "span"
    SubElement(link, "code").text = AtomicString(path)
    link[-1].tail = ")"
    if len(link) == 1:
        link.text = f"{link.text or ''} ("
    else:
        link[-2].tail = f"{link[-2].tail or ''} ("
