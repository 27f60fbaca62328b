"""Check that nobody is told to sign in who has no account, in any mail to a coordinator."""

import pytest

from intake.outbox.mail_texts import MailTexts
from tests.support.building import MAIL_TEXTS

TEXTS = MailTexts(MAIL_TEXTS)
LINK = "https://portal.example/sign-in?next=/referrals/K7M-4QX-9T"
WRITERS = {
    "ask": TEXTS.ask,
    "reminder": TEXTS.reminder,
    "answer_notice": TEXTS.answer_notice,
    "confirmation": TEXTS.confirmation,
}
SIGN_IN = ("Logga in", "Sign in", "sign in", "sign-in")


@pytest.mark.parametrize("name", WRITERS)
def test_a_mail_tells_to_sign_in_or_to_call_in_both_languages(name: str) -> None:
    with_account = str(WRITERS[name](reference="K7M-4QX-9T", link=LINK))
    without = str(WRITERS[name](reference="K7M-4QX-9T", link=""))

    assert with_account.count(LINK) == 2
    assert not any(words in without for words in SIGN_IN)
    assert "ring din kontakt på kontoret" in without
    assert "call your contact at the office" in without
    for text in (with_account, without):
        assert text.count("K7M-4QX-9T") >= 2
        assert "112" in text
        assert "\n\n\n" not in text
