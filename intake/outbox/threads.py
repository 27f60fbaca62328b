"""Find what in a mail proves that it continues one of ours: tags and Message-IDs.

There are two proofs besides the written code. A *tag* is in the address at which our receipts ask
for answers, `BOX+TAG@DOMAIN`: eight symbols name the submission, and twenty are a MAC under the
submission's own data key, 100 bits. The MAC cannot be made without the key, so erasing a
submission or its case revokes all their tags. A *Message-ID of ours* holds 128 bits of a keyed
hash of its submission, and the outbox knows each one that was written. Looking it up is the check
(FreeScout's CVE-2026-47123 was an HMAC that nobody compared). Who names one got it from us or from
somebody to whom we wrote; so it must also have been written to this sender, because an id that
was forwarded or leaked proves nothing about who repeats it.

Headers that only we could have set are never believed in mail (threat B5).
"""

import base64
import hashlib
import hmac
import re
from typing import TYPE_CHECKING

from intake.accounts.register_entries import address_of_entry
from intake.core.errors import KeyUnavailable, ReferenceInvalid
from intake.core.references import normalise
from intake.outbox.addressees import Trust, recipient_hash
from storage.mail import outbox, senders
from storage.submissions import submissions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from intake.core.services import Services
    from storage.crypto.keys import DataKey
    from storage.database import Session
    from storage.submissions.submissions import Submission

PURPOSE = "reply-tag"
CODE_SYMBOLS = 8
MAC_SYMBOLS = 20  # of base32, 5 bits each (RFC 4648 §6)
# Some systems change the case of an address, so a tag means the same in either.
TAG = re.compile(rf"[0-9a-z]{{{CODE_SYMBOLS}}}[a-z2-7]{{{MAC_SYMBOLS}}}", re.ASCII)
MAX_TAGS = 5


def reply_address(settings_address: str, submission: "Submission", key: "DataKey") -> str:
    """Return the address for answers about a submission, empty when no reply address is set.

    >>> reply_address("box@example.org", submission, key)
    'box+k7m4qx9tqhf3jw5p7eznu2ldk4ra@example.org'
    """
    if not settings_address:
        return ""
    box, _, domain = settings_address.rpartition("@")
    return f"{box}+{tag_of(submission, key)}@{domain}"


def tag_of(submission: "Submission", key: "DataKey") -> str:
    """Return the tag of a submission, in lower case."""
    code = submission.reference.replace("-", "").lower()
    mac = hmac.new(key.derive(PURPOSE), submission.id.encode(), hashlib.sha256).digest()
    return code + base64.b32encode(mac).decode().lower()[:MAC_SYMBOLS]


def tags_in(addresses: "Iterable[str]", settings_address: str) -> list[str]:
    """Return what looks like our tags in the addresses that a mail was sent to, each once."""
    if not settings_address:
        return []
    box, _, domain = settings_address.lower().rpartition("@")
    found: dict[str, None] = {}
    for address in addresses:
        if not address.isascii():
            # Lower case would turn the Kelvin sign into «k».
            continue
        local, _, at = address.strip().lower().rpartition("@")
        name, _, tag = local.partition("+")
        if (name, at) == (box, domain) and TAG.fullmatch(tag):
            found[tag] = None
    return list(found)[:MAX_TAGS]


def proven_by_tags(
    services: "Services", session: "Session", tags: "Iterable[str]", programme: str
) -> list[str]:
    """Return the ids of the programme's submissions whose tags are genuine."""
    proven = []
    for tag in tags:
        try:
            code = normalise(tag[:CODE_SYMBOLS])
        except ReferenceInvalid:
            continue
        submission = submissions.by_reference(session, code)
        if submission is None or submission.programme != programme:
            continue
        try:
            key = services.keyring.open(session, submission.data_key_id)
        except KeyUnavailable:
            # The submission was erased, and its tag with it.
            continue
        if hmac.compare_digest(tag_of(submission, key), tag):
            proven.append(submission.id)
    return proven


def answered(session: "Session", message_ids: list[str]) -> list[str]:
    """Return the ids of the submissions that our messages in this thread were about."""
    return outbox.answers(session, message_ids)


def answered_to(
    services: "Services", session: "Session", message_ids: list[str], addresses: "Collection[str]"
) -> list[str]:
    """Return those of them whose message we wrote to one of the addresses, as a proven sender's."""
    # The hash is that of mail to proven senders. A message to an address in whose name somebody
    # wrote without proof vouches for nobody.
    hashes = [recipient_hash(services, session, address, Trust.REGISTERED) for address in addresses]
    return outbox.answers_to(session, message_ids, hashes)


def addresses_of(services: "Services", session: "Session", sender_id: str) -> list[str]:
    """Return the registered addresses of a sender and of the coordinator whose deputy they are."""
    entries = (senders.by_id(session, each) for each in senders.stand_ins(session, sender_id))
    return [address_of_entry(services, session, entry) for entry in entries if entry is not None]
