"""The built site: its links and anchors, what it loads from where, and how much."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

MOST_BYTES = 300_000  # of a first load, compressed
URL = re.compile(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""")


def test_the_build_is_strict_and_says_nothing_but_what_it_does(site) -> None:
    assert "WARNING" not in site.output
    assert "ERROR" not in site.output
    assert "Documentation built" in site.output


def test_every_link_leads_to_a_page_and_an_anchor_that_are_there(site) -> None:
    wrong = [
        f"{name}: {link}" for name, page in site.pages.items() for link in page.links if not leads(site, name, link)
    ]
    assert wrong == []


def leads(site, name: str, link: str) -> bool:
    target = urlsplit(link)
    if target.scheme or target.netloc:
        return True
    path = site.folder / name
    if target.path:
        start = site.folder if target.path.startswith("/") else path.parent
        path = (start / unquote(target.path).lstrip("/")).resolve()
        path = path / "index.html" if path.is_dir() else path
    if not path.is_file():
        return False
    found = site.pages.get(path.relative_to(site.folder.resolve()).as_posix() if target.path else name)
    top = not target.fragment or target.fragment.startswith("__")  # the theme's own
    return top or (found is not None and unquote(target.fragment) in found.ids)


def test_no_page_has_an_id_twice(site) -> None:
    twice = [f"{name}: {one}" for name, page in site.pages.items() for one in set(page.ids) if page.ids.count(one) > 1]
    assert twice == []


def test_no_page_loads_anything_from_another_host(site) -> None:
    for name, page in site.pages.items():
        inline = [part for style in page.styles for part in urls(style)]
        inline += [part for block in re.findall(r"(?s)<style[^>]*>(.*?)</style>", page.text) for part in urls(block)]
        assert [one for one in [*page.loads, *inline] if is_elsewhere(one)] == [], name
        assert "source" not in page.components, f"{name}: with repo_url, the theme asks that host for its stars"
        assert "mermaid" not in page.classes, f"{name}: the theme fetches mermaid from another host"


def test_no_style_sheet_loads_anything_from_another_host(site) -> None:
    sheets = list(site.folder.rglob("*.css"))
    assert sheets
    assert [url for sheet in sheets for url in urls(sheet.read_text("utf-8")) if is_elsewhere(url)] == []


def test_no_script_of_ours_names_another_host(site) -> None:
    scripts = (site.folder / "assets" / "js").rglob("*.js")
    assert [path.name for path in scripts if re.search(r"""["'`](https?:)?//\w""", path.read_text("utf-8"))] == []


@pytest.mark.parametrize("url", ["https://fonts.example/a.css", "//cdn.example/a.js"])
def test_another_host_is_seen(url: str) -> None:
    assert is_elsewhere(url)
    assert list(urls(f"a {{ background: url('{url}') }}")) == [url]
    assert list(urls(f'@import "{url}";')) == [url]


def urls(css: str) -> list[str]:
    return [first or second for first, second in URL.findall(css)]


def is_elsewhere(url: str) -> bool:
    target = urlsplit(url)
    return bool(target.netloc) or target.scheme in ("http", "https", "ftp", "ws", "wss")


def test_a_first_load_is_light(site) -> None:
    search = [
        *(site.folder / "assets/javascripts/workers").glob("search.*.js"),
        site.folder / "search/search_index.json",
    ]
    assert len(search) == 2
    heavy = {}
    for name, page in site.pages.items():
        parts = {site.folder / name, *search}
        parts |= {resolve(site, name, one) for one in page.loads if not one.startswith("data:")}
        size = sum(len(gzip.compress(path.read_bytes(), 6)) for path in parts)
        if size > MOST_BYTES:
            heavy[name] = size
    assert heavy == {}


def resolve(site, name: str, load: str) -> Path:
    path = unquote(urlsplit(load).path)
    return site.folder / path.lstrip("/") if path.startswith("/") else (site.folder / name).parent / path


def test_every_page_says_its_language_its_width_and_its_name(site) -> None:
    for name, page in site.pages.items():
        assert '<html lang="en"' in page.text, name
        assert 'name="viewport"' in page.text, name
        assert re.search(r"<title>[^<]+</title>", page.text), name


def test_search_knows_every_page(site) -> None:
    index = (site.folder / "search" / "search_index.json").read_text("utf-8")
    missing = [
        name
        for name in site.pages
        if name != "404.html" and f'"location":"{name.removesuffix("index.html")}"' not in index
    ]
    assert missing == []
