"""Names in the server's output folder, and the page that lists it."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.errors import NotArthas, NotRun
from arthas_cli.transport.folder import Entry, normalise_name, read_listing

PAGE = """<!DOCTYPE html>
<html>
<body>
        <pre id="contents">
<a href="../" title="../">../</a>
<a href="sub/" title="sub/">sub/</a>                      2026-11-25 03:39:39         -      
<a href=".hid" title=".hid">.hid</a>                      2026-11-25 03:39:39         1      
<a href="a.jfr" title="a.jfr">a.jfr</a>                   2026-11-25 03:39:36    604733      \r
<a href="q?#%41 é &amp.txt" title="q?#%41 é &amp.txt">q?#%41 é &amp.txt</a>  2026-11-25 03:39:39   2
       </pre>
</body>
</html>"""  # noqa: W291 - the server pads its lines


def test_a_listing_is_read_without_what_is_not_served() -> None:
    assert read_listing(PAGE) == [
        Entry("sub/", None, "2026-11-25 03:39:39"),
        Entry("a.jfr", 604733, "2026-11-25 03:39:36"),
        Entry("q?#%41 é &amp.txt", 2, "2026-11-25 03:39:39"),
    ]


def test_an_entry_without_size_and_time_is_listed_all_the_same() -> None:
    page = '<pre id="contents">\n<a href="x" title="x">x</a>\n</pre>'
    assert read_listing(page) == [Entry("x", None, "")]


def test_a_page_of_something_else_is_no_empty_listing() -> None:
    with pytest.raises(NotArthas, match="does not list arthas-output"):
        read_listing('<html><a href="x" title="x">x</a></html>')


@each_row(
    ("name", "inside"),
    [
        ("a.jfr", "a.jfr"),
        ("sub/a b.txt", "sub/a b.txt"),
        ("arthas-output/a.jfr", "arthas-output/a.jfr".partition("/")[2]),
        ("/home/app/arthas-output/a.jfr", "a.jfr"),
        (r"C:\app\arthas-output\a.jfr", "a.jfr"),
        ("..a", "..a"),
        ("", ""),
        ("sub/", "sub/"),
    ],
)
def test_a_path_on_the_server_names_the_file_in_the_folder(name: str, inside: str) -> None:
    assert normalise_name(name) == inside


@each_row(
    "name",
    ["..", "../x", "sub/../../x", "/etc/passwd", r"..\x", "./x", "/x/arthas-output/../y", "/"],
)
def test_a_name_never_leads_out_of_the_folder(name: str) -> None:
    with pytest.raises(NotRun, match="is not in the server's folder arthas-output"):
        normalise_name(name)
