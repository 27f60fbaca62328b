"""Hold that markup is read as a browser reads it: what it shows, where it leads, what it quotes.

The right column is what the parser of Chromium makes of the left one (HTML 13.2.5), without blanks.
"""

import pytest

from intake.sandbox.html.html_text import text_of_html
from intake.sandbox.html.tags import Tags

WORDS = [
    ('<p>Hej</p><!a="> AKUT <"b><p>Mvh</p>', 'HejAKUT<"b>Mvh'),
    ('<p>Hej</p><?a="> AKUT <"b><p>Mvh</p>', 'HejAKUT<"b>Mvh'),
    ('<p a= "x>y" b>AKUT</p>', "AKUT"),
    ("<p a='x>y'>AKUT</p>", "AKUT"),
    ('<p a=x"y>AKUT</p>', "AKUT"),
    ("<p a='\">AKUT</p><p b=\"'>Mvh</p>", "Mvh"),
    ('<p a="b"c="d>e">AKUT</p>', "AKUT"),
    ('<p a = \n">" >AKUT</p>', "AKUT"),
    ("<p a=>AKUT</p>", "AKUT"),
    ("<p a=/>AKUT</p>", "AKUT"),
    ('<p a b/="c>AKUT</p>', "AKUT"),
    ('<p "a>AKUT">b</p>', 'AKUT">b'),
    ('<p ==">AKUT">b</p>', "b"),
    ('<p a==">AKUT">b</p>', 'AKUT">b'),
    ('<p/a="b>c"/>AKUT</p>', "AKUT"),
    ('<p<b a=">">AKUT</p>', "AKUT"),
    ('<a=">AKUT">b</a>', 'AKUT">b'),
    ('</p a=">">AKUT', "AKUT"),
    ("</p a=>AKUT", "AKUT"),
    ("</ p>AKUT", "AKUT"),
    ("</>AKUT", "AKUT"),
    ("</3>AKUT", "AKUT"),
    ("<!-->AKUT<!-- b -->", "AKUT"),
    ("<!--->AKUT<!-- b -->", "AKUT"),
    ("<!-- a --!>AKUT", "AKUT"),
    ("<!-- a -- > b -->AKUT", "AKUT"),
    ("<!-- <!-- a -->AKUT-->", "AKUT-->"),
    ("<!--a--->AKUT", "AKUT"),
    ("<!- a>AKUT-->", "AKUT-->"),
    ('<!doctype html PUBLIC "a>AKUT">b', 'AKUT">b'),
    ("<![CDATA[ a > AKUT ]]>b", "AKUT]]>b"),
    ("<style/>a</style>AKUT", "AKUT"),
    ("<style/x>a</style>AKUT", "AKUT"),
    ("<style>a</styleX>b</style>AKUT", "AKUT"),
    ('<style>a</style x=">">AKUT', "AKUT"),
    ("<style>a</style/>AKUT", "AKUT"),
    ("<style><!--</style>AKUT<!-- --></style>", "AKUT"),
    ('<script>"</script>AKUT', "AKUT"),
    ("<title>a<!--</title>AKUT<!-- -->", "AKUT"),
    ("<textarea><!-- AKUT --></textarea>b", "<!--AKUT-->b"),
    ("<textarea></textareas>AKUT</textarea>b", "</textareas>AKUTb"),
    ("<xmp><!-- AKUT --></xmp>b", "<!--AKUT-->b"),
    ("<plaintext><!-- AKUT --></plaintext>", "<!--AKUT--></plaintext>"),
    ("<svg><style/><p>AKUT</p><style></style></svg>", "AKUT"),
    ("<svg><style><p>AKUT</p></style></svg>", "AKUT"),
    ("<svg><title/><p>AKUT</p><title></title></svg>", "AKUT"),
    ("<math><style/><p>AKUT</p><style></style></math>", "AKUT"),
    ("<svg><desc><p>a</p></desc><script/><p>AKUT</p><script></script></svg>", "aAKUT"),
    ("<scrıpt>AKUT</scrıpt>", "AKUT"),
    ("<ſcript>AKUT</ſcript>", "<ſcript>AKUT"),
    ("<style>a</ſtyle>b</style>AKUT", "AKUT"),
    ("1 < 2 <3 AKUT", "1<2<3AKUT"),
    ('<p\x0ca=">">AKUT</p>', "AKUT"),
    ('<p\x0ba=">AKUT">b</p>', 'AKUT">b'),
    ('<p\xa0a=">AKUT">b</p>', 'AKUT">b'),
    ("<!-- AKUT", ""),
    ("<template>a</template>AKUT", "AKUT"),
    ("<noscript>AKUT</noscript>", "AKUT"),
]
LINKS = [
    (
        '<a title=" href=https://good.example " href="https://evil.example/">x</a>',
        "https://evil.example/",
    ),
    ('<a href="https://good.example/" href="https://evil.example/">x</a>', "https://good.example/"),
    (
        '<a data-href="https://good.example" href="https://evil.example/">x</a>',
        "https://evil.example/",
    ),
    ('<a/href="https://evil.example/">x</a>', "https://evil.example/"),
    ('<a title="a"href="https://evil.example/">x</a>', "https://evil.example/"),
    ("<a title=a/href=https://evil.example/>x</a>", None),
    ('<a href=https://evil.example/?a=b"c>x</a>', 'https://evil.example/?a=b"c'),
    ("<a href = 'https://evil.example/'>x</a>", "https://evil.example/"),
    (
        '<a HREF="https://evil.example/?a=1&amp;b=2&copy=3&lt;4&ltx=5">x</a>',
        "https://evil.example/?a=1&b=2&copy=3<4&ltx=5",
    ),
    ('<a href="https://evil.example/&#x26;&#38b">x</a>', "https://evil.example/&&b"),
    ('<a =href="https://good.example" href="https://evil.example/">x</a>', "https://evil.example/"),
    ('<a x=">" href="https://evil.example/">x</a>', "https://evil.example/"),
    ('<a href="/\\evil.example/">x</a>', "/\\evil.example/"),
    ('<a href=" \n https://evil.example/">x</a>', " \n https://evil.example/"),
    (
        "<a x='href=\"https://good.example\"'href=https://evil.example/>x</a>",
        "https://evil.example/",
    ),
    ("<a title=&quot; href=https://evil.example/>x</a>", "https://evil.example/"),
]
QUOTATIONS = [
    ("<div><blockquote type=cite>a</div>AKUT", ">a AKUT"),
    ("<table><tr><td><blockquote type=cite>a<td>AKUT</table>", ">a AKUT"),
    ("<table><tr><td><blockquote type=cite>a</tr><tr><td>AKUT</table>", ">a AKUT"),
    ("<table><tr><td><blockquote type=cite>a</table>AKUT", ">a AKUT"),
    ("<div><table><tr><td><blockquote type=cite>a</div>b</table>AKUT", ">a >b AKUT"),
    ("<span><blockquote type=cite>a</span>b</blockquote>AKUT", ">ab AKUT"),
    ("<p><blockquote type=cite>a</p>b</blockquote>AKUT", ">a >b AKUT"),
    ("<ul><li><blockquote type=cite>a</ul>AKUT", ">a AKUT"),
    ("<li><ul><blockquote type=cite>a</li>b</ul>AKUT", ">a >b AKUT"),
    ("<div><blockquote type=cite>a<td></div>AKUT", ">a AKUT"),
    ("<div><blockquote type=cite>a<table><table></table></div>AKUT", ">a AKUT"),
    ("<blockquote type=cite>a<div></blockquote>AKUT", ">a AKUT"),
    (
        "<blockquote type=cite>a<blockquote type=cite>b</blockquote>c</blockquote>AKUT",
        ">a >>b >c AKUT",
    ),
    ("<section><blockquote type=cite>a</section>AKUT", ">a AKUT"),
    ("<h1><blockquote type=cite>a</h1>AKUT", ">a AKUT"),
    ("<table><caption><blockquote type=cite>a<tr><td>AKUT</table>", ">a AKUT"),
    ("<div><object><blockquote type=cite>a</div>b</object>AKUT", ">a >b AKUT"),
    ("<div><blockquote type=cite>a</blockquote></blockquote>AKUT</div>", ">a AKUT"),
    ("<button><blockquote type=cite>a</button>AKUT", ">a AKUT"),
    ("<form><blockquote type=cite>a</form>b", ">a >b"),
    ("<center><blockquote type=cite>a</center>AKUT", ">a AKUT"),
    ("<table><tbody><tr><td><blockquote type=cite>a<tbody><tr><td>AKUT</table>", ">a AKUT"),
]
# Where programs differ, the words are shown that at least one of them shows.
SHOWN_BESIDES = [
    ('<b id=y="> AKUT <b id=">y</b>', "AKUTy"),
    ('<p ="> AKUT <b id=">y</b>', "AKUTy"),
    ('<p title="a>b AKUT', "bAKUT"),
    ("<p title='a>b <p title='c>AKUT", "AKUT"),
    ('<p title="a AKUT', '<ptitle="aAKUT'),
    (f'<p title="a>b{"x" * 8192} AKUT">', f'b{"x" * 8192}AKUT">'),
    ("a <b AKUT", "a<bAKUT"),
    ("<!a AKUT", "<!aAKUT"),
    ("<svg><![CDATA[AKUT]]></svg>", "AKUT]]>"),
    ("<svg></svg><style>a</style>AKUT", "AKUT"),
]


@pytest.mark.parametrize(("markup", "words"), [*WORDS, *SHOWN_BESIDES])
def test_words_are_shown_as_in_a_browser(markup: str, words: str) -> None:
    assert "".join(text_of_html(markup).split()) == words


@pytest.mark.parametrize(("markup", "target"), LINKS)
def test_a_link_leads_where_a_browser_goes(markup: str, target: str | None) -> None:
    tag = Tags(markup).read(0)

    assert tag is not None
    assert tag.attributes().get("href") == target


@pytest.mark.parametrize(("markup", "shown"), QUOTATIONS)
def test_a_quotation_ends_where_its_block_ends(markup: str, shown: str) -> None:
    lines = text_of_html(markup).split("\n")

    assert " ".join("".join(line.split()) for line in lines if line) == shown
