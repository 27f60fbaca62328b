"""Check by which words of strangers somebody is in danger now, in their languages."""

import pytest

from intake.filing import danger_phrases
from intake.filing.misdirected import find_danger, plain, says_danger_now
from intake.senders.emergencies.phrases import compiled

MUST = (
    "I am in danger now",
    "Please, I'm in great danger",
    "my life is in danger",
    "She is in danger, call her today",
    "My husband wants to kill me",
    "We are not safe here",
    "Please save us from him",
    "Jag är i fara nu",
    "Hon är i livsfara",
    "Han har sagt att han ska döda mig",
    "Vi är inte säkra här",
    "أنا في خطر الآن",
    "حياتي في خطر",
    "زوجي سيقتلني",
    "جان من در خطر است",
    "زندگیم در خطر است",
    "من الان در خطر هستم",
    "مرا می‌کشند",
    "ژیانم لە مەترسیدایە",
    "دەمکوژن",
    "ህይወተይ ኣብ ሓደጋ ኣሎ",
    "አደጋ ላይ ነኝ",
    "khatar baan ku jiraa",
    "میری جان خطرے میں ہے",
    "Sunt în pericol",
    "vrea să mă omoare",
    "Я сейчас в опасности",
    "Он убьёт меня",
    "Estoy en peligro",
    "Je suis en danger",
    "ฉันอยู่ในอันตราย",
)
MUST_NOT = (
    "The schedule is in danger of being delayed",
    "We are in danger of missing the deadline",
    "I am not sure whether this is the right address",
    "How dangerous is it to return?",
    "Do you give talks about people in danger?",
    "Our office moves: the door is not safe to use",
    "Jag undrar om bidraget",
    "Vi riskerar att missa tiden",
    "Win a prize now",
    "أريد أن أسأل عن الدعم",
    "می‌خواهم بپرسم",
)


@pytest.mark.parametrize("text", MUST)
def test_who_is_in_danger_now_is_heard(text: str) -> None:
    letter = f"Hello,\n{text}. Thank you"

    assert says_danger_now(letter)
    # And protection officers look at it, as at every sign of danger.
    assert find_danger(letter)


@pytest.mark.parametrize("text", MUST_NOT)
def test_other_words_are_no_cry_for_help(text: str) -> None:
    assert not says_danger_now(f"Hello,\n{text}. Thank you")


def test_a_newsletter_tells_of_others() -> None:
    assert not says_danger_now("She is in danger, read more", is_to_many=True)


@pytest.mark.parametrize("phrase", danger_phrases.NOW)
def test_every_phrase_is_found_as_it_is_written(phrase: str) -> None:
    words = [part.partition("|")[0].rstrip("*") for part in phrase.split() if part != ".."]
    said = plain(" ".join(words))

    assert compiled([phrase], plain).search(f"x {said} x"), said
