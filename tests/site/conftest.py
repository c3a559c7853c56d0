"""The site, built once, strictly, as `lab docs build` does; and what a page of it holds."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("mkdocs", reason="mkdocs comes with the group `docs`")

ROOT = Path(__file__).resolve().parents[2]
LOADING = dict.fromkeys(("script", "img", "iframe", "source", "video", "audio", "embed", "track"), "src")
LOADING |= {"object": "data", "image": "href", "use": "href"}
LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch", "manifest"}


@dataclass
class Page(HTMLParser):
    """`loads`: what a browser fetches by itself. `links`: what a reader may follow. `ids` in order."""

    path: Path
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    components: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.text = self.path.read_text("utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.ids += [found["id"]] if "id" in found else []
        self.classes |= set(found.get("class", "").split())
        self.components.add(found.get("data-md-component", ""))
        self.styles.append(found.get("style", ""))
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "link" and LOADING_LINKS & set(found.get("rel", "").split()):
            self.loads.append(found.get("href", ""))
        if LOADING.get(tag) in found:
            self.loads.append(found[LOADING[tag]])
        self.loads += [part.split()[0] for part in found.get("srcset", "").split(",") if part.strip()]


@dataclass(frozen=True)
class Built:
    folder: Path
    output: str
    pages: dict[str, Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("site") / "built"
    command = [sys.executable, "-P", "-m", "workbook", "docs", "build", "--out", str(folder)]
    done = subprocess.run(command, cwd=folder.parent, capture_output=True, text=True, encoding="utf-8", env=os.environ)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = {path.relative_to(folder).as_posix(): Page(path) for path in sorted(folder.rglob("*.html"))}
    return Built(folder, done.stdout + done.stderr, pages)
