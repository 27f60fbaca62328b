"""Hold which letters are notices of mail that waits in a secure system."""

import pytest

from intake.sandbox.html.markup import find_links_to_files

NOTICES = [
    "Du har ett nytt meddelande i Mina sidor. https://minasidor.kommun.example/",
    "Nytt brev: Region Nord har skickat en handling. https://www.kivra.example/ Logga in.",
    "Ny post i Min myndighetspost: https://minmyndighetspost.example/",
    "Logga in på 1177 för att läsa ditt svar. https://e-tjanster.1177.example/",
    "You have a message. Open: https://web1.zixmail.example/s/e?b=7",
    "To view it, open the attachment SecureMessageAtt.html.",
    "Handlingen kom via säkra filöverföringen. Hämta: https://filer.domstol.example/7",
    "Ni får en säker filöverföring: https://filer.domstol.example/7",
    "Eva sent you a protected message: https://mail.example/7",
]
NO_NOTICES = [
    "Remiss bifogas. Mer om oss på https://www.1177.example/",
    "Mvh Eva. Vi finns i Kivra: https://kivra.example/",
    "Betala på Mina sidor: https://minasidor.kommun.example/ före den 5:e.",
    "Du har fått ett nytt meddelande.",
]


@pytest.mark.parametrize("letter", NOTICES)
@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_a_notice_is_known_by_its_box_and_what_it_says(letter: str, charset: str) -> None:
    assert find_links_to_files(letter.encode(charset)) == {"secure_mail_notice"}


@pytest.mark.parametrize("letter", NO_NOTICES)
def test_a_letter_that_names_a_box_is_no_notice(letter: str) -> None:
    assert find_links_to_files(letter.encode()) == set()
