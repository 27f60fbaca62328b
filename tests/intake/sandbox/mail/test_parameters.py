"""Hold how names and other parameters are read, and what is left of hostile ones (threat B9)."""

import pytest

from intake.sandbox.mail.parameters import MAX_PARAMETERS, clean_name, read_value


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b"attachment; filename=a.pdf", "a.pdf"),
        (b'attachment; filename="a b.pdf"', "a b.pdf"),
        (b'attachment; filename="a;b.pdf"', "a;b.pdf"),
        (b'attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        (b"attachment; FILENAME = a.pdf ; x=y", "a.pdf"),
        (b'attachment; filename="unclosed.pdf', "unclosed.pdf"),
        (b'attachment; filename="D:\\Mina dokument\\Remiss.pdf"', "Remiss.pdf"),
        (b'attachment; filename="D:\\\\Mina\\\\Remiss.pdf"', "Remiss.pdf"),
        (b'attachment; filename="\\\\server\\papper\\Remiss.pdf"', "Remiss.pdf"),
        (b"attachment; filename*=utf-8''p%C3%A5.pdf", "på.pdf"),
        (b"attachment; filename*=utf-8'sv'p%C3%A5.pdf", "på.pdf"),
        (b"attachment; filename*0=a; filename*1=b.pdf", "ab.pdf"),
        (b"attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        (b"attachment; filename*0*=utf-8''p%C3; filename*1*=%A5.pdf", "på.pdf"),
        (b"attachment; filename*0*=utf-8''p%C3%A5; filename*1=%20.pdf", "på%20.pdf"),
        (b"attachment; filename*=utf-8''=?utf-8?q?p=C3=A5.pdf?=", "på.pdf"),
        (b"attachment; filename*=utf-8''%3D%3Futf-8%3FB%3Fw6UucGRm%3F%3D", "å.pdf"),
        (b"attachment; filename*0*=utf-8''=?utf-8?b?w6U; filename*1=ucGRm?=", "å.pdf"),
        (b"attachment; filename*=win-1251''%CF%E0%F1%EF%EE%F0%F2.pdf", "Паспорт.pdf"),
        (b"attachment; filename*=''%C5sa.pdf", "Åsa.pdf"),
        (b"attachment; filename*=utf-8''%D9%85%DB%8C%E2%80%8C%D8%AE.pdf", "می\u200cخ.pdf"),
        (b"attachment; filename*=utf-8''A%CC%8Asa.pdf", "Åsa.pdf"),
        (b"attachment; filename*=hex''41", "41"),
        (b"attachment; filename*=broken", "broken"),
        (b'attachment; filename="=?utf-8?q?p=C3=A5.pdf?="', "på.pdf"),
        (b"attachment; filename=p\xc3\xa5.pdf", "på.pdf"),
        (b"attachment; filename=p\xe5.pdf", "på.pdf"),
        (b'attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        (b'attachment; filename="a\x00b.pdf"', "ab.pdf"),
        (b"attachment; filename*=utf-8''a%00b%0D%0A.pdf", "ab .pdf"),
        (b"attachment; filename*=utf-8''a%E2%80%8B.php", "a.php"),
        (b"attachment; filename*=utf-8''exe%E2%80%AEfdp.exe", "exefdp.exe"),
        (b"attachment; filename*=utf-8''" + b"x" * 4096, "x" * 255),
        (b"attachment; filename=CON", "CON"),
        (b"attachment; filename==cmd", "=cmd"),
        (b'attachment; filename="<img onerror=x>"', "<img onerror=x>"),
        (b"attachment", ""),
        (b"", ""),
        (b";;;=;=", ""),
    ],
)
def test_name_is_one_clean_line(value: bytes, name: str) -> None:
    texts = read_value(value).texts("filename")

    assert clean_name(texts[-1] if texts else "") == name


def test_repeated_parameters_are_all_kept() -> None:
    assert read_value(b"multipart/mixed; boundary=a; boundary=b").raw("boundary") == [b"a", b"b"]


def test_reading_stops_at_the_limit_of_parameters() -> None:
    value = read_value(b"text/plain" + b"; a=b" * 20_000)

    assert value.is_cut
    assert len(value.parameters) == MAX_PARAMETERS
