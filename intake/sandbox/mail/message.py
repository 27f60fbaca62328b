"""Take a message apart into its leaves.

The walk goes from the outermost boundary inwards over offsets into the raw bytes, so nothing is
ever written again from a parsed form: a message in a message comes out as it stood there. The
standard library's parser goes line by line (7 to 10 ms for 270 KB), keeps no offsets and recurses
without a limit; the tests compare its reading with this one over the whole corpus.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..html.pasted_pictures import has_pictures, sizes_of_pasted
from ..protocol import signs
from ..protocol.charsets import NOTHING_CHOSEN
from ..protocol.results import MAX_DEPTH, MAX_PARTS, MAX_PASTED, MailFacts
from ..protocol.text import doubts_in
from . import ambiguity, boundaries
from .body import is_page, read_body
from .facts import read_facts
from .from_header import has_reversed_name
from .headers import HeaderBlock, LimitPassed, read_block
from .near_charsets import with_near, written_fields
from .parameters import HeaderValue, read_value
from .parts import Leaf, Place, as_seen, named_by_subject, read_leaf, shown_in_text

# Containers count too, or empty ones nested side by side would cost without end.
MAX_ENTITIES = 2 * MAX_PARTS


@dataclass(frozen=True)
class SignedPart:
    """Hold a signature and where in `content` the part lies that it signs (RFC 1847 §2.1).

    `path` is that of the signature's leaf.
    """

    path: str
    signature: bytes
    content: bytes
    start: int
    end: int

    @property
    def entity(self) -> bytes:
        """Give the signed part: its header and its body, without the break before the boundary."""
        return self.content[self.start : self.end]


@dataclass(frozen=True)
class OpenedMessage:
    """Hold what came out of one message, before the host checks it.

    `signed` are the parts beside which a signature stands that can be checked.
    """

    facts: MailFacts
    leaves: tuple[Leaf, ...]
    flags: tuple[str, ...]
    body_text: str
    pasted_sizes: tuple[int, ...] = ()
    signed: tuple[SignedPart, ...] = ()


@dataclass
class _Walk:
    """Gather leaves and signs; `with_body` are the messages that have their body already."""

    leaves: list[Leaf] = field(default_factory=list)
    signs: set[str] = field(default_factory=set)
    with_body: set[str | None] = field(default_factory=set)
    signed: list[SignedPart] = field(default_factory=list)
    entities: int = 0


def open_mail(raw: bytes, chosen: Mapping[str, str] = NOTHING_CHOSEN) -> OpenedMessage:
    """Return the leaves of `raw`; one that passes a limit has only facts and the limit's code.

    `chosen` are codecs by the path of a leaf, in which it is read whatever was declared.
    """
    walk = _Walk()
    try:
        block = read_block(raw, 0, len(raw))
        _visit(walk, raw, block, len(raw), Place())
    except LimitPassed as limit:
        return OpenedMessage(read_header(raw), (), (limit.code,), "")
    walk.leaves = [
        replace(leaf, chosen=chosen.get(leaf.path, "")) for leaf in with_near(walk.leaves, block)
    ]
    facts = read_facts(block)
    is_report = facts.content_type == "multipart/report"
    shown = shown_in_text(walk.leaves)
    leaves = [as_seen(leaf, shown) if leaf.role == "inline" else leaf for leaf in walk.leaves]
    body = read_body(walk.leaves, with_forwarded=not is_report)
    leaves = [_noted(leaf, signs.IN_BODY) if leaf.path in body.files else leaf for leaf in leaves]
    flags = {*(signs.code_of(sign) for sign in walk.signs), *body.flags}
    flags.update(*map(doubts_in, written_fields(block)))
    if has_reversed_name(block.all("from")):
        flags.add("name_reversed")
    leaves = [
        _noted(leaf, signs.CALENDAR_FORM) if _is_calendar_form(leaf, body.text) else leaf
        for leaf in leaves
    ]
    own = [leaf for leaf in leaves if leaf.parent is None and is_page(leaf)]
    pasted_sizes = sizes_of_pasted((leaf.content for leaf in own), MAX_PASTED)
    pages = {leaf.path for leaf in own if pasted_sizes and has_pictures(leaf.content)}
    leaves = [_noted(leaf, signs.HAS_PICTURES) if leaf.path in pages else leaf for leaf in leaves]
    return OpenedMessage(
        facts,
        tuple(leaves),
        tuple(sorted(flags)),
        body.text,
        pasted_sizes,
        tuple(walk.signed),
    )


def _is_calendar_form(leaf: Leaf, letter: str) -> bool:
    """Say whether an entry is a form of the letter (RFC 6047 §2.4), or the only word there is."""
    is_file = bool(leaf.claimed_name and letter.strip()) and not leaf.alternatives
    return leaf.claimed_type == "text/calendar" and not is_file


def _noted(leaf: Leaf, code: str) -> Leaf:
    return replace(leaf, defects=tuple(sorted({*leaf.defects, code})))


def read_header(raw: bytes) -> MailFacts:
    """Return the facts from the first 256 KiB of the header alone."""
    return read_facts(read_block(raw, 0, len(raw), is_cut=True))


def _visit(walk: _Walk, content: bytes, block: HeaderBlock, end: int, place: Place) -> None:
    """Take apart the entity whose header is `block` and whose body ends at `end`."""
    walk.entities += 1
    if place.depth > MAX_DEPTH:
        raise LimitPassed("too_deep")
    if len(walk.leaves) >= MAX_PARTS or walk.entities > MAX_ENTITIES:
        raise LimitPassed("too_many_parts")
    content_type = _content_type(block, place)
    is_multipart = content_type.main.startswith("multipart/")
    found = {*ambiguity.of_block(block), *ambiguity.of_type(content_type)}
    found.update(ambiguity.of_encoding(block, is_container=is_multipart))
    if is_multipart and _visit_parts(walk, content, block, end, place):
        walk.signs.update(found)
        return
    encoded = content[block.body_start : end]
    has_body = place.parent in walk.with_body
    leaf, in_leaf = read_leaf(encoded, block, content_type, place, has_body=has_body)
    found |= in_leaf
    # How its bytes are read concerns this part only; how the message falls into parts, all of it.
    own = {signs.code_of(sign) for sign in found & signs.OF_A_PART}
    leaf = replace(leaf, defects=tuple(sorted({*leaf.defects, *own})))
    walk.leaves.append(leaf)
    walk.signs.update(found - signs.OF_A_PART)
    if leaf.role == "body":
        walk.with_body.add(place.parent)
    if leaf.role == "message":
        is_encoded = "encoded_message" in found
        start = ambiguity.start_of_message(leaf.content) if is_encoded else 0
        inner = read_block(leaf.content, start, len(leaf.content))
        walk.leaves[-1], in_name = named_by_subject(leaf, inner)
        walk.signs.update(in_name)
        _visit_message(walk, leaf, inner, place)


def _content_type(block: HeaderBlock, place: Place) -> HeaderValue:
    """Return the type, or the default of the place: a digest holds messages (RFC 2046 §5.1.5)."""
    value = read_value(block.first("content-type"))
    if value.main:
        return value
    default = "message/rfc822" if place.container == "multipart/digest" else "text/plain"
    return replace(value, main=default)


def _visit_message(walk: _Walk, leaf: Leaf, block: HeaderBlock, place: Place) -> None:
    """Take apart a message in the message; its leaves are numbered below its own number."""
    inner = Place(
        part_numbers=tuple(map(int, leaf.path.split("."))), parent=leaf.path, depth=place.depth + 1
    )
    _visit(walk, leaf.content, block, len(leaf.content), inner)


def _visit_parts(walk: _Walk, content: bytes, block: HeaderBlock, end: int, place: Place) -> bool:
    """Visit the parts of a multipart; return False when it has no boundary or no part."""
    value = read_value(block.first("content-type"))
    boundary = (value.raw("boundary") or [value.first_text("boundary").encode()])[0].rstrip()
    if not boundary:
        walk.signs.add("missing_boundary")
        return False
    if boundary in place.boundaries:
        walk.signs.add("boundary_reused")
    found = boundaries.split(content, block.body_start, end, boundary, MAX_PARTS)
    if not found.spans:
        # Where nothing is written, no program finds anything either.
        if content[block.body_start : end].strip():
            walk.signs.add("boundary_not_seen")
        return False
    preamble = content[block.body_start : found.preamble_end]
    epilogue = content[found.epilogue_start : end]
    walk.signs.update(ambiguity.of_split(found, boundary, preamble, epilogue))
    for number, (part_start, part_end) in enumerate(found.spans, start=1):
        inner = Place(
            part_numbers=(*place.part_numbers, number),
            parent=place.parent,
            depth=place.depth + 1,
            container=value.main,
            is_root=False,
            is_alternative=place.is_alternative or value.main == "multipart/alternative",
            boundaries=place.boundaries | {boundary},
            alternatives=(*place.alternatives, *_form_at(value.main, place, number)),
        )
        _visit(walk, content, read_block(content, part_start, part_end), part_end, inner)
    if not found.is_closed:
        walk.leaves[-1] = _noted(walk.leaves[-1], "truncated")
    if value.main == "multipart/signed" and len(found.spans) > 1:
        _note_signature(walk, value, content, found.spans, place)
    return True


def _note_signature(
    walk: _Walk,
    value: HeaderValue,
    content: bytes,
    spans: tuple[tuple[int, int], ...],
    place: Place,
) -> None:
    """Note that the second part of a multipart/signed is a signature that nobody checked yet.

    Checking needs libraries that the process which opens mail does not pay for. Where there are
    more parts than two (RFC 1847 §2.1), nobody can say what was signed.
    """
    path = ".".join(map(str, (*place.part_numbers, 2)))
    at = next((at for at, leaf in enumerate(walk.leaves) if leaf.path == path), None)
    if at is None:
        return
    leaf, protocol = walk.leaves[at], value.first_text("protocol").lower()
    if not signs.SIGNATURE_TYPES & {leaf.claimed_type, protocol}:
        return
    walk.leaves[at] = _noted(leaf, signs.SIGNATURE_NOT_CHECKED)
    if len(spans) == 2 and signs.PGP_SIGNATURE not in (leaf.claimed_type, protocol):
        walk.signed.append(SignedPart(path, leaf.content, content, *spans[0]))


def _form_at(main: str, place: Place, number: int) -> tuple[tuple[str, int], ...]:
    """Return what the parts of a multipart/alternative are forms of; nothing in another one."""
    is_alternative = main == "multipart/alternative"
    return ((".".join(map(str, place.part_numbers)), number),) if is_alternative else ()
