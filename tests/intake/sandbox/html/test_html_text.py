"""Hold what a person reads of HTML."""

import pytest

from intake.sandbox.html.html_text import text_of_html
from tests.support.growth.measure import is_linear


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b", "a\nb"),
        ("a<script>evil()</script>b", "ab"),
        ("a<SCRIPT src=x>evil()</SCRIPT >b", "ab"),
        ("a<style>p{}</style>b<title>t</title>", "ab"),
        ("a<!-- b -->c", "ac"),
        ("a &lt;b&gt; &amp; &aring;", "a <b> & å"),
        ("1 < 2", "1 < 2"),
        ("a<!-- unclosed", "a"),
        ("a<b", "a<b"),
        ("a<script>unclosed", "a"),
        ("&#" + "9" * 10_000 + ";", "\ufffd"),
        ("<td>a</td><td>b</td>", "a b"),
        ("1 <مرحبا 2", "1 <مرحبا 2"),
        ("under <боль> och <አዲስ>", "under <боль> och <አዲስ>"),
        ("a<!-->b<!--->c<!-- x --!>d", "abcd"),
        ('a<img alt="x > y" src=cid:z>b', "ab"),
        ("a<img alt='x > \"y' src=cid:z>b", "ab"),
        ('a<p title="b>c', "a\nc"),
        (
            '<a class=x href="https://a.example/?b=1&amp;c=2">Remiss</a>.',
            "Remiss [link to a.example: https://a.example/?b=1&c=2].",
        ),
        ("<a href=https://a.example><img src=cid:x></a>", "[link to a.example: https://a.example]"),
        ("<a href='https://a.example'>b", "b [link to a.example: https://a.example]"),
        ("<a name=x>b</a> <a data-href='https://a.example'>c</a>", "b c"),
        ('b<img src="data:image/png;base64,iVBORw0K">c', "b[a picture stands here]c"),
        ("a<blockquote type=cite><p>b</p>c</blockquote>d", "a\n\n> b\n> c\nd"),
        ('<blockquote class="gmail_quote">a<blockquote type="cite">b', "> a\n> > b"),
        ("a<blockquote style='margin:1em'>b</blockquote>c", "a\nb\nc"),
        ("<blockquote class='elementor-blockquote-NOT_a quoted'>a</blockquote>b", "a\nb"),
        ("<blockquote data-type=cite title='type=cite'>a</blockquote>b", "a\nb"),
        ("<div class=not_yahoo_quoted>a</div>b", "a\nb"),
        ("<blockquote class='x gmail_quote'>a</blockquote>b", "> a\nb"),
        ("a&#2;b\x02c", "abc"),
        ("<p>Vi ses <mandag kl tio></p>", "Vi ses <mandag kl tio>"),
        ("<p>a <Hej! Hon står kvar</p>b", "a <Hej! Hon står kvar\nb"),
        ("Ring <AKUT> nu", "Ring <AKUT> nu"),
        ("Eva <eva@a.example> skrev", "Eva <eva@a.example> skrev"),
        ("a <tel 070 1> b <i>c</i>", "a <tel 070 1> b c"),
        ("a<foo>b</foo>c<FOO>d", "abcd"),
        ("a<foo bar=b>c<o:p>d<x-y>e<nobr>f", "acdef"),
        ("<svg><path d><g>a</svg>b", "ab"),
        ("<iframe srcdoc='&lt;p&gt;AKUT&lt;/p&gt;ring'></iframe>b", "AKUT\nring\nb"),
        ("Namn:<input value='Eva L'>Ort:<input type=hidden value=x>", "Namn:\nEva L\nOrt:"),
        ("<style>p:before{content:'a'}</style><p>b", "b"),
        ("", ""),
    ],
)
def test_html_is_read_as_text(markup: str, text: str) -> None:
    assert text_of_html(markup) == text


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        "<a",
        "<script>",
        "</",
        "&",
        "<script></",
        "<p>\n",
        '<a b=">',
        "<a href=x>",
        "<blockquote type=cite>",
        '"<a=">',
        "<a b='",
        "<a b=\"c'",
        '<a b="c>d',
        "<a b=\"'><a b='\">",
        "<a =",
        "<a ",
        "<a/=",
        "<!",
        "</a",
        "<?",
        "<svg><style>",
        "<textarea></",
        "<foo ",
        "<foo>",
        "<iframe srcdoc='",
        "<iframe srcdoc='<p>'>",
        "<base href=https://a.example/b><a href=c>",
        "<table>",
        "<table><td>",
        "<div></section>",
        "<td><div></td></section>",
        "<img alt='",
        "<img src=x alt=a>",
        "<area href=https://a.example>",
        "<![CDATA[",
    ],
)
def test_reading_html_takes_no_quadratic_time(piece: str) -> None:
    assert is_linear(text_of_html, lambda size: piece * (size // len(piece)), 500_000)


def test_one_quote_at_the_end_takes_no_quadratic_time() -> None:
    def with_base(size: int) -> str:
        return f'<base href="https://a.example/{"b" * (size // 2)}">' + "<a href=c>" * (size // 20)

    assert is_linear(text_of_html, lambda size: '"<a=">' * (size // 6) + '"', 300_000)
    assert is_linear(text_of_html, lambda size: '<a b="' + "c>" * (size // 2), 400_000)
    assert is_linear(text_of_html, with_base, 500_000)


def test_a_title_that_never_ends_hides_no_letter() -> None:
    assert text_of_html("<title>Remiss<p>Ring inte hem.</p>") == "Remiss\nRing inte hem."
    assert text_of_html("<title>Remiss</title><p>Ring inte hem.</p>") == "Ring inte hem."
    assert len(text_of_html("<title>" * 100_000)) == 0


def test_a_block_of_yahoo_is_a_quotation() -> None:
    html = '<div>Ja.<div class="yahoo_quoted"><div>Old.</div><p>Older.</p></div>Nej.</div>'

    assert text_of_html(html) == "Ja.\n\n> Old.\n\n> Older.\n\nNej."
