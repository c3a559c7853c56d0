"""The site, built once, strictly, as `lab docs build` does; what a page of it holds; and a browser that opens it."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

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
    """The built site; the workers of one run share it."""
    place = tmp_path_factory.getbasetemp()
    place = (place.parent if "PYTEST_XDIST_WORKER" in os.environ else place) / "site"
    folder, said = place / "built", place / "said"
    try:
        place.mkdir()
    except FileExistsError:
        while not said.exists():
            time.sleep(0.1)
    else:
        command = [sys.executable, "-P", "-m", "workbook", "docs", "build", "--out", str(folder)]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, encoding="utf-8", env=os.environ)
        (place / "saying").write_text(f"{done.stdout}{done.stderr}\nexit code {done.returncode}", "utf-8")
        (place / "saying").replace(said)
    output = said.read_text("utf-8")
    assert output.endswith("\nexit code 0"), output
    pages = {path.relative_to(folder).as_posix(): Page(path) for path in sorted(folder.rglob("*.html"))}
    return Built(folder, output, pages)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing: pytest's output is for failures."""


@pytest.fixture(scope="session")
def address(site: Built) -> Iterator[str]:
    """Where the site is served, with a slash at the end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")  # not longer: while Playwright runs, nothing else may run an event loop in this process
def chromium() -> Iterator["Browser"]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright comes with the group `dev`")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium fonts-dejavu)")
    playwright.expect.set_options(timeout=30_000)  # a busy machine is slow, and nothing is wrong with the page
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: "Browser", address: str) -> Iterator["Tab"]:
    """A fresh tab; addresses are relative to the site. Afterwards, nothing was wrong and nobody else was asked."""
    wrong: list[str] = []
    context = chromium.new_context(base_url=address, reduced_motion="reduce", timezone_id="Europe/Oslo")
    page = context.new_page()
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: wrong.append(request.url) if is_foreign(request.url, address) else None)
    yield page
    context.close()
    assert wrong == []


def is_foreign(url: str, address: str) -> bool:
    return not url.startswith((address, "data:", "blob:"))
