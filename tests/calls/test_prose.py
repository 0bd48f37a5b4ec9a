"""Free text: paragraphs and lists, and nothing of what a page could obey."""

import pytest

from calls.templatetags.prose import prose


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Un.\n\nDeux.", "<p>Un.</p>\n<p>Deux.</p>\n"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n"),
        ("1. un\n2. deux", "<ol>\n<li>un</li>\n<li>deux</li>\n</ol>\n"),
        ("**gras** et *penché*", "<p><strong>gras</strong> et <em>penché</em></p>\n"),
        ("# pas un titre", "<p># pas un titre</p>\n"),
        ("", ""),
        (None, ""),
    ],
)
def test_text_becomes_paragraphs_and_lists(text, html):
    assert prose(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("<b>gras</b>", "<p>&lt;b&gt;gras&lt;/b&gt;</p>\n"),
        ('<img src=x onerror="alert(1)">', '<p>&lt;img src=x onerror="alert(1)"&gt;</p>\n'),
        ("<p style='color:red'>x</p>", "<p>&lt;p style='color:red'&gt;x&lt;/p&gt;</p>\n"),
    ],
)
def test_html_that_someone_typed_is_shown_and_not_obeyed(text, html):
    assert prose(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "[cliquez](javascript:alert(1))",
        "<javascript:alert(1)>",
        "![image](https://ailleurs.example/pixel.png)",
        "[lien](https://ailleurs.example)",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_a_link_or_an_image_stays_text(text):
    html = prose(text)

    assert ("<a" in html, "<img" in html, "href" in html) == (False, False, False)
