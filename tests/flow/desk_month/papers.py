"""Write the papers of referrals as PDF: what the checklist asks for, in words of their kind."""

from tests.samples.paperwork.files import text_pdf

Attachment = tuple[str, str, bytes]
PDF = "application/pdf"
CONSENT = "Samtycke.pdf"
# File name and words of each paper that the checklist always asks for.
FIRST_PAPERS = (
    ("Remissblankett.pdf", "Remissblankett\nFrivilligt återvändande"),
    ("Frivillighet.pdf", "Frivillighetsförklaring\nJag vill återvända frivilligt"),
    ("Samtycke.pdf", "Samtycke till att dela personuppgifter"),
    ("Sekretess.pdf", "Samtycke till att häva sekretess"),
    ("Resehandling.pdf", "Begäran om resehandling"),
)
LATER_PAPERS = (
    ("Riskbedomning.pdf", "Riskbedömning\nPM: hot och risker vid hemresa\nRiskanalys"),
    (
        "Identifiering.pdf",
        "Identifieringsunderlag\nScreening, indikatorer på människohandel\nDatum för samtalet",
    ),
    (
        "Halsodeklaration.pdf",
        "Hälsodeklaration\nDin hälsa inför hemresan\nMediciner jag äter varje dag",
    ),
)


def first_papers(name: str, *, is_whole: bool) -> list[Attachment]:
    """Return the papers of a referral; without `is_whole` some are missing."""
    papers = FIRST_PAPERS + LATER_PAPERS if is_whole else FIRST_PAPERS
    return [_paper(file, words, name) for file, words in papers]


def without_consent(name: str) -> list[Attachment]:
    """Return the papers of a referral whose person has not agreed to it."""
    papers = [each for each in FIRST_PAPERS + LATER_PAPERS if each[0] != CONSENT]
    return [_paper(file, words, name) for file, words in papers]


def consent(name: str) -> Attachment:
    """Return the consent that a person signed."""
    (words,) = (words for file, words in FIRST_PAPERS if file == CONSENT)
    return _paper(CONSENT, words, name)


def later_papers(name: str) -> list[Attachment]:
    """Return the papers that were missing."""
    return [_paper(file, words, name) for file, words in LATER_PAPERS]


def one_more(name: str) -> Attachment:
    """Return a letter that no checklist asks for."""
    return _paper("Brev.pdf", "Ett brev till den som det gäller", name)


def _paper(file: str, words: str, name: str) -> Attachment:
    return file, PDF, text_pdf([f"{words}\nDet gäller {name}"])
