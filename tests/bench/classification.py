"""Measure what classifying documents costs, and how well it does on invented ones.

Run by `python -m tests.bench.classification`. The documents are synthetic (see
`tests.samples.paperwork`): figures on the programme's own mail will differ. Time is CPU time,
without OCR.
"""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from intake.recognition.classification.classify import ClassifiedPages, classify_document
from intake.recognition.classification.model import TypeModel, train
from intake.recognition.classification.rules import DocumentFacts, rule_book
from intake.recognition.classification.training_texts import load_templates
from intake.reference_data.document_types import UNKNOWN, load_taxonomies
from intake.sandbox.host.ocr import installed_languages, read_page
from tests.samples.paperwork import pictures
from tests.samples.paperwork.documents import Paper, papers

SEEDS = (11, 12, 13)
BINS = 10
BUNDLES, OCR_PAGES = 150, 60
LANGUAGES = ("swe", "eng")


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1; `false_share` is of documents of no type that were given one."""

    papers: int
    right_share: float
    unknown_share: float
    calibration_error: float
    false_share: float


def main() -> None:
    """Measure and print."""
    started = time.process_time()
    model = train(rule_book(load_taxonomies()[-1]), load_templates())
    show("training", f"{time.process_time() - started:.1f} s CPU")
    for seed in SEEDS:
        show(f"whole papers, seed {seed}", _told(figures_of(judge(model, papers(seed)))))
    for lines in (2, 4):
        cut = (_without_top(paper, lines) for paper in papers(SEEDS[0]))
        show(f"the same without {lines} top lines", _told(figures_of(judge(model, cut))))
    show("scans of 1 to 4 documents", _bundles(model))
    for pages in (1, 3, 30, 300):
        show(f"CPU for {pages} full pages", f"{_cost(model, pages):.1f} ms")
    if set(LANGUAGES) <= set(installed_languages()):
        show("scans and photos by tesseract", _told(figures_of(judge(model, _by_ocr()))))


def show(what: str, figure: str) -> None:
    """Print one figure."""
    print(f"{what:<36} {figure}", flush=True)


def judge(model: TypeModel, known: Iterable[Paper]) -> list[tuple[Paper, ClassifiedPages]]:
    """Return each document with its suggested type; of several ranges of pages, the first."""
    facts = DocumentFacts(page_count=1)
    return [(paper, classify_document([paper.text], facts, model)[0]) for paper in known]


def figures_of(judged: Sequence[tuple[Paper, ClassifiedPages]]) -> Figures:
    """Return the figures of classified documents."""
    typed = [pair for pair in judged if pair[0].code != UNKNOWN]
    other = [found for paper, found in judged if paper.code == UNKNOWN]
    answers = [
        (found.confidence, found.document_type == paper.code)
        for paper, found in typed
        if found.document_type != UNKNOWN
    ]
    return Figures(
        papers=len(typed),
        right_share=sum(right for _, right in answers) / max(len(answers), 1),
        unknown_share=1 - len(answers) / max(len(typed), 1),
        calibration_error=calibration_error(answers),
        false_share=sum(found.document_type != UNKNOWN for found in other) / max(len(other), 1),
    )


def calibration_error(answers: Sequence[tuple[float, bool]]) -> float:
    """Return the expected calibration error: over ten bins, how far confidence is from truth."""
    apart = 0.0
    for number in range(BINS):
        held = [pair for pair in answers if min(int(pair[0] * BINS), BINS - 1) == number]
        apart += abs(sum(confidence - right for confidence, right in held))
    return apart / max(len(answers), 1)


def _told(figures: Figures) -> str:
    return (
        f"{figures.papers} papers: right {figures.right_share:.1%}, "
        f"unknown {figures.unknown_share:.1%}, ECE {figures.calibration_error:.3f}, "
        f"typed wrongly though of no type {figures.false_share:.1%}"
    )


def _without_top(paper: Paper, lines: int) -> Paper:
    rest = "\n".join(paper.text.splitlines()[lines:])
    return Paper(paper.code, paper.language, rest, paper.is_scan)


def _bundles(model: TypeModel) -> str:
    chance = random.Random(SEEDS[0])
    known = [paper for paper in papers(SEEDS[0]) if paper.code != UNKNOWN]
    pages = right = unknown = torn = 0
    for _ in range(BUNDLES):
        scan, truth = _bundle(chance.sample(known, chance.randint(1, 4)), chance)
        found = classify_document(scan, DocumentFacts(page_count=len(scan)), model)
        told = [
            each.document_type for each in found for _ in range(each.first_page, each.last_page + 1)
        ]
        pages += len(scan)
        right += sum(one == other for one, other in zip(told, truth, strict=True))
        unknown += told.count(UNKNOWN)
        begins = [each.first_page - 1 for each in found if each.first_page > 1]
        torn += sum(truth[place] == truth[place - 1] for place in begins)
    return f"{pages} pages: right {right / pages:.1%}, unknown {unknown / pages:.1%}, torn {torn}"


def _bundle(chosen: Sequence[Paper], chance: random.Random) -> tuple[list[str], list[str]]:
    """Put documents one after the other; half of them fill two pages."""
    scan: list[str] = []
    truth: list[str] = []
    for paper in chosen:
        lines = paper.text.splitlines()
        cut = len(lines) if chance.random() < 0.5 else len(lines) // 2
        parts = ["\n".join(part) for part in (lines[:cut], lines[cut:]) if part]
        scan += parts
        truth += [paper.code] * len(parts)
    return scan, truth


def _cost(model: TypeModel, pages: int) -> float:
    """Return the milliseconds of CPU for a document whose pages are full (about 3000 signs)."""
    texts = [paper.text for paper in papers(SEEDS[0], each=1) if paper.code != UNKNOWN]
    rounds = max(1, 60 // pages)
    scans = [
        [(texts[(place + number) % len(texts)] * 10)[:3000] for place in range(pages)]
        for number in range(rounds)
    ]
    started = time.process_time()
    for scan in scans:
        classify_document(scan, DocumentFacts(page_count=pages), model)
    return (time.process_time() - started) * 1000 / rounds


def _by_ocr() -> Iterable[Paper]:
    chosen = [paper for paper in papers(SEEDS[0], each=1) if paper.code != UNKNOWN]
    random.Random(SEEDS[0]).shuffle(chosen)
    for seed, paper in enumerate(chosen[:OCR_PAGES]):
        page = (pictures.photographed if seed % 2 else pictures.scanned)(paper.text, seed)
        text = read_page(pictures.as_bytes(page, "PNG"), LANGUAGES).text
        yield Paper(paper.code, paper.language, text, is_scan=True)


if __name__ == "__main__":
    main()
