"""The site's Markdown extension: `{{ name: argument }}` on a page becomes what the workbook itself knows.

What a directive gives is Markdown. `\\{{` is written where a page speaks of directives.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from workbook.site import facts, fixtures, proofs
from workbook.site.fault import PageFault
from workbook.site.readme import Links, Readme

ROOT = Path(__file__).resolve().parents[3]
DIRECTIVE = re.compile(
    r"(?P<before>^ *)?(?P<slash>\\)?\{\{ *(?P<name>[a-z]+)(?: *: *(?P<about>[^{}\n]*?))? *\}\}", re.M
)

# After snippets (32) and clean lines (30), before fences (25): code on a page may hold a directive, a snippet none.
BEFORE_FENCES = 27
AFTER_INLINE = 10  # and before the generator's own look at links (0)

Directive = Callable[[str], str]


class Site(Extension):
    """`root`: the repository. `repo_url`: where it can be browsed, for links to files that are no pages. `commands`:
    what writes the reference of the CLI, handed in since nothing imports the CLI."""

    def __init__(self, **settings: Any) -> None:
        self.config = {
            "root": [str(ROOT), "the repository"],
            "repo_url": ["", "where it can be browsed"],
            "commands": ["", "a function that writes the reference of the CLI"],
        }
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:
        links = Links(md, self.getConfig("repo_url"))
        root = Path(self.getConfig("root"))

        def show_readme(lab: str) -> str:
            links.readme = Readme(root, lab)
            return links.readme.text

        directives: dict[str, Directive] = {
            "fact": facts.tell,
            "facts": facts.tabulate,
            "readme": show_readme,
            "fixtures": fixtures.describe_fixtures,
            "verify": proofs.quote_verification,
            "check": partial(proofs.quote_check, root),
        }
        if describe_commands := self.getConfig("commands"):
            directives["commands"] = describe_commands
        md.preprocessors.register(Directives(md, directives), "workbook-directives", BEFORE_FENCES)
        md.treeprocessors.register(links, "workbook-links", AFTER_INLINE)


class Directives(Preprocessor):
    """Replaces each directive. Raises PageFault for one that is not known, or that cannot be done."""

    def __init__(self, md: Markdown, directives: Mapping[str, Directive]) -> None:
        super().__init__(md)
        self._directives = directives

    def run(self, lines: list[str]) -> list[str]:
        return DIRECTIVE.sub(self._replace, "\n".join(lines)).split("\n")

    def _replace(self, found: re.Match[str]) -> str:
        before, name = found["before"] or "", found["name"]
        if found["slash"]:
            return found.group().replace("\\", "", 1)
        if name not in self._directives:
            raise PageFault(f"{found.group().strip()}: there is no {name!r}; there are {', '.join(self._directives)}.")
        return indent(self._directives[name](found["about"] or ""), before)


def makeExtension(**settings: Any) -> Site:
    """What Python-Markdown calls."""
    return Site(**settings)
