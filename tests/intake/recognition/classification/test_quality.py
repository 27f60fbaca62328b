"""Measure how good the answers are, on invented documents whose texts the training never saw.

The set is synthetic, and written by the same hands as the training texts: see its package.
"""

import random

import pytest

from intake.recognition.classification.classify import classify_document
from intake.recognition.classification.model import TypeModel
from intake.recognition.classification.rules import DocumentFacts
from intake.sandbox.host.ocr import installed_languages, read_page
from tests.bench.classification import Figures, figures_of, judge
from tests.samples.paperwork import pictures
from tests.samples.paperwork.documents import forms, papers

SEED = 2026
READ_BY_OCR = 20
LANGUAGES = ("swe", "eng")


@pytest.fixture(scope="module")
def figures(model: TypeModel) -> Figures:
    return figures_of(judge(model, papers(SEED)))


def test_the_set_is_as_large_and_as_mixed_as_was_asked() -> None:
    known = [each for each in papers(SEED) if each.code != "UNK"]

    assert len(known) >= 400
    assert len({each.code for each in known}) >= 12
    assert {each.language for each in known} == {"sv", "en"}
    assert 3 * sum(each.is_scan for each in known) >= len(known)


def test_answers_are_right(figures: Figures) -> None:
    assert figures.right_share >= 0.92


def test_few_are_unknown(figures: Figures) -> None:
    assert figures.unknown_share <= 0.15


def test_confidence_means_what_it_says(figures: Figures) -> None:
    assert figures.calibration_error < 0.05


def test_documents_of_no_known_type_are_seldom_given_one(figures: Figures) -> None:
    assert figures.false_share <= 0.15


def test_every_answer_is_explained(model: TypeModel) -> None:
    for each in papers(SEED, each=3):
        for found in classify_document([each.text], DocumentFacts(page_count=1), model):
            assert found.reasons
            assert all(reason for reason in found.reasons)


@pytest.mark.ocr
@pytest.mark.skipif(not set(LANGUAGES) <= set(installed_languages()), reason="no tesseract")
def test_scans_that_tesseract_reads_are_told_as_well(model: TypeModel) -> None:
    chosen = [each for each in papers(SEED, each=1) if each.code != "UNK"]
    random.Random(SEED).shuffle(chosen)
    found = []
    for seed, each in enumerate(chosen[:READ_BY_OCR]):
        page = pictures.scanned(each.text, seed)
        text = read_page(pictures.as_bytes(page, "PNG"), LANGUAGES).text
        found.append(
            (
                classify_document([text], DocumentFacts(page_count=1), model)[0].document_type,
                each.code,
            )
        )

    answered = [pair for pair in found if pair[0] != "UNK"]
    assert len(answered) >= 0.85 * READ_BY_OCR
    assert sum(kind == code for kind, code in answered) >= 0.92 * len(answered)


def test_there_are_several_texts_of_each_type() -> None:
    codes = [form.code for form in forms()]

    assert min(codes.count(code) for code in codes) >= 4
