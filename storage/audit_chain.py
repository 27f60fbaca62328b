"""Compute the audit chain's hashes, and find what does not follow: functions of values.

Each event's hash is an HMAC-SHA256 (RFC 2104) over the hash before it and the event, with a key
that the database does not hold. Who can write to the database alone can so neither change an event
nor compute the chain anew. Events of releases before the key have a plain SHA-256; the first keyed
event, `Act.AUDIT_KEYED`, holds their end. Anchors are copies of a number and its hash that are kept
outside the database: they show that the end was cut off.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from storage.audit_acts import Act

FIRST_HASH = "0" * 64
# What is authenticated begins with its purpose, so that no code can be used for another one.
EVENT_CONTEXT, ANCHOR_CONTEXT = b"avrr audit event 1\n", b"avrr audit anchor 1\n"
MISSING = ("is missing", "are missing")
CHANGED = ("was changed", "were changed")
WITHOUT_KEY = ("was computed without the key", "were computed without the key")
TOO_MANY = ("stands before the first", "stand before the first")


class Event(Protocol):
    """The columns that a hash covers, and the hash."""

    sequence: Any  # Any: SQLAlchemy's columns are descriptors to mypy
    at: Any
    actor: Any
    act: Any
    subject_type: Any
    subject_id: Any
    detail: Any
    hash: Any


@dataclass(frozen=True)
class Anchor:
    """One event's number and hash, and when (aware, UTC) they were copied out of the database.

    The number 0 with `FIRST_HASH` stands for a trail without events.
    """

    number: int
    hash: str
    at: datetime


@dataclass(frozen=True)
class Anchors:
    """What stands outside the database: {number: anchor}, and whether its file is there."""

    by_number: Mapping[int, Anchor] = field(default_factory=dict)
    is_there: bool = False


def keyed_hash(key: bytes, previous: str, event: Event) -> str:
    """Return the HMAC of an event that follows a hash: 64 hex digits."""
    return hmac.new(key, EVENT_CONTEXT + _canonical(previous, event), hashlib.sha256).hexdigest()


def plain_hash(previous: str, event: Event) -> str:
    """Return the SHA-256 with which releases before the key chained: 64 hex digits."""
    return hashlib.sha256(_canonical(previous, event)).hexdigest()


def anchor_code(key: bytes, text: str) -> str:
    """Return the HMAC of an anchor's line: 64 hex digits."""
    return hmac.new(key, ANCHOR_CONTEXT + text.encode(), hashlib.sha256).hexdigest()


def faults(key: bytes, events: Iterable[Event], anchors: Anchors | None) -> list[str]:
    """Return a sentence for each run of events, by number, that is not what was written.

    `events` come in the order of their numbers. Without `anchors` nothing is compared with them.
    """
    walk = _Walk(key, anchors)
    for event in events:
        walk.step(event)
    return walk.end()


class _Walk:
    """One pass over the trail: what was seen last, and the faults so far."""

    def __init__(self, key: bytes, anchors: Anchors | None) -> None:
        self._key = key
        self._has_anchors = anchors is not None
        self._anchors = anchors or Anchors()
        self._previous, self._last = FIRST_HASH, 0
        self._is_keyed = False
        # The first and last event of the plain chain before the key, None when there is none.
        self._plain: tuple[int, int] | None = None
        self._faults: list[str] = []
        self._not_anchored: list[str] = []
        # The run of neighbours with the same fault: its words, first and last number.
        self._run: tuple[tuple[str, str], int, int] | None = None
        # What the chain says was anchored, by number.
        self._told: list[int] = []

    def step(self, event: Event) -> None:
        """Compare one event with the one before it, and with its anchor."""
        number: int = event.sequence
        if number > self._last + 1:
            self._note(MISSING, self._last + 1, number - 1)
        elif number < 1:
            self._note(TOO_MANY, number, number)
        else:
            self._compare(event)
        self._compare_anchor(event)
        if event.act == Act.AUDIT_ANCHORED and "number" in event.detail:
            self._told.append(event.detail["number"])
        self._previous, self._last = event.hash, max(number, 0)

    def end(self) -> list[str]:
        """Return all faults, those of the end and of the anchors last."""
        if not self._is_keyed:
            self._note_plain()
        self._flush()
        newest = max(self._anchors.by_number, default=0)
        if newest > self._last:
            at = self._anchors.by_number[newest].at.isoformat()
            self._note(MISSING, self._last + 1, newest)
            self._flush(f": the end was cut off, event {newest} was anchored at {at}")
        lost = self._lost_anchors() if self._has_anchors else []
        return [*self._faults, *self._not_anchored, *lost]

    def _compare(self, event: Event) -> None:
        if hmac.compare_digest(event.hash, keyed_hash(self._key, self._previous, event)):
            if not self._is_keyed and event.act != Act.AUDIT_KEYED:
                # Only the first start with a key continues a plain chain, and says so.
                self._note_plain()
            self._is_keyed = True
        elif event.hash == plain_hash(self._previous, event):
            if self._is_keyed:
                self._note(WITHOUT_KEY, event.sequence, event.sequence)
            else:
                self._plain = (self._plain or (event.sequence,))[0], event.sequence
        elif event.act == Act.AUDIT_KEYED and event.detail.get("hash") != self._previous:
            self._is_keyed = True
            self._note(("is", "are"), 1, self._last)
            self._flush(f" not what event {event.sequence} followed")
        else:
            self._note(CHANGED, event.sequence, event.sequence)

    def _compare_anchor(self, event: Event) -> None:
        anchor = self._anchors.by_number.get(event.sequence)
        if anchor is not None and anchor.hash != event.hash:
            self._not_anchored.append(
                f"audit event {event.sequence} is not the one that was anchored at "
                f"{anchor.at.isoformat()}"
            )

    def _lost_anchors(self) -> list[str]:
        lost = [number for number in self._told if number not in self._anchors.by_number]
        if not lost:
            return []
        numbers = ", ".join(map(str, lost[:3])) + (f" … {lost[-1]}" if len(lost) > 3 else "")
        what = "has lost lines" if self._anchors.is_there else "is missing"
        return [f"the file of audit anchors {what}: it had audit event {numbers}"]

    def _note_plain(self) -> None:
        if self._plain is not None:
            self._note(WITHOUT_KEY, *self._plain)

    def _note(self, words: tuple[str, str], first: int, last: int) -> None:
        if self._run is not None and self._run[0] is words and self._run[2] + 1 == first:
            self._run = (words, self._run[1], last)
            return
        self._flush()
        self._run = (words, first, last)

    def _flush(self, more: str = "") -> None:
        if self._run is None:
            return
        (one, several), first, last = self._run
        self._run = None
        if first == last:
            self._faults.append(f"audit event {first} {one}{more}")
        else:
            self._faults.append(f"audit events {first} to {last} {several}{more}")


def _canonical(previous: str, event: Event) -> bytes:
    return json.dumps(
        [
            previous,
            event.sequence,
            event.at.isoformat(),
            event.actor,
            event.act,
            event.subject_type,
            event.subject_id,
            event.detail,
        ],
        sort_keys=True,
        ensure_ascii=True,
    ).encode()
