"""The defence with one protection switched off: a copy of the workbook's source with a few words changed, which a named
case must notice. What a copy is made of stands in `mutants.toml`."""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from museum.outer import MUSEUM, SOURCE

#: Without this the workbook's own self-test would find most mutants out, and grade nothing.
SELF_TEST = ("sandbox/tier.py", "        selftest.run()\n", "        pass\n")


@dataclass(frozen=True)
class Mutant:
    """`edits`: file, old words, new words. `case` is the submission that has to notice; `seen` by the workbook's own
    self-test as well, before any submission is touched."""

    name: str
    protection: str
    case: str
    seen: bool
    edits: tuple[tuple[str, str, str], ...]

    def __str__(self) -> str:
        return self.name

    def build(self, root: Path, *, with_self_test: bool) -> Path:
        """Makes the copy below `root`; the answer is the folder to import it from. ValueError: the words are not there
        any more, so the mutant has to be written anew."""
        source = root / "src"
        shutil.copytree(SOURCE / "workbook", source / "workbook", ignore=shutil.ignore_patterns("__pycache__"))
        for name, old, new in (*self.edits, *(() if with_self_test else (SELF_TEST,))):
            path = source / "workbook" / name
            text = path.read_text("utf-8")
            if old not in text:
                raise ValueError(f"{self.name}: {name} does not hold {old!r} any more")
            path.write_text(text.replace(old, new), "utf-8")
        return source


def read_mutants() -> list[Mutant]:
    tables = tomllib.loads((MUSEUM / "mutants.toml").read_text("utf-8"))
    return [
        Mutant(
            name,
            table["protection"],
            table["case"],
            table.get("seen", False),
            tuple((edit["file"], edit["old"], edit["new"]) for edit in table["edits"]),
        )
        for name, table in tables.items()
    ]


#: No isolation at all: what the attacks get then is what the walls keep from them.
BARE = Mutant(
    "bare",
    "all of it",
    "",
    False,
    (
        (
            "sandbox/tier.py",
            "return Standing(Tier.NAMESPACES)",
            'return Standing(Tier.NONE, "The museum says so.", "None.")',
        ),
    ),
)
