"""Read the signers of a detached signature of mail (RFC 5652 §5.1, §5.3), within limits.

A signature that leaves its content out, with a certificate of its signer, is

    ContentInfo { signedData, SignedData { …, { data }, { Certificate }, { SignerInfo } } }
"""

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import cms

from ..formats import der

MAX_SIGNERS = 8
MAX_CERTIFICATES = 32
MAX_ATTRIBUTES = 64
MAX_SALT_BYTES = 512
MAX_NAME_BYTES = 64
# A chain of five certificates has a thousand.
MAX_VALUES = 20_000
MGF1, TRAILER = "mgf1", "trailer_field_bc"
# What is weaker proves nothing; others are not in use in mail (RFC 8551 §2.1).
DIGESTS = ("sha256", "sha384", "sha512")
PKCS1, PSS, ECDSA = "rsassa_pkcs1v15", "rsassa_pss", "ecdsa"
# A kind of signature whose name leaves the digest to the field beside it (RFC 3370 §3.2).
WITHOUT_DIGEST = frozenset({"rsassa_pkcs1v15"})


class NotReadable(Exception):
    """A signature, or one signer of it, is not built as agreed or uses what is not known here."""


@dataclass(frozen=True)
class Signer:
    """Hold what one signer says, and the key in the certificate that it names.

    `public_key` is a SubjectPublicKeyInfo in DER. Without signed attributes `message_digest` is
    None, and the signature is over the content itself (RFC 5652 §5.4). `attributes` are the two
    forms in which they may have been signed: as they came, and in DER, as they should have come.
    """

    digest: str
    kind: str
    signed_with: str
    salt_bytes: int
    public_key: bytes
    signature: bytes
    message_digest: bytes | None
    attributes: tuple[bytes, ...]


@dataclass(frozen=True)
class SignedData:
    """Hold the signers of one signature, which are not read yet, and the certificates beside."""

    content_type: str
    infos: Sequence[cms.SignerInfo]
    certificates: Sequence[cms.CertificateChoices]


def read_signed_data(content: bytes) -> SignedData:
    """Return the signers in the signature `content`.

    Raises NotReadable, NotDer, or what the library raises about bytes that are not built as agreed.
    """
    _refuse_costly(memoryview(content))
    outer = cms.ContentInfo.load(content)
    if outer["content_type"].native != "signed_data":
        raise NotReadable
    signed = outer["content"]
    infos, certificates = signed["signer_infos"], signed["certificates"]
    found = certificates if isinstance(certificates, cms.CertificateSet) else ()
    if not 0 < len(infos) <= MAX_SIGNERS or len(found) > MAX_CERTIFICATES:
        raise NotReadable
    kind = signed["encap_content_info"]["content_type"].native
    return SignedData(kind, list(infos), list(found))


def _refuse_costly(view: memoryview) -> None:
    """Raise NotReadable for more values, or longer names of fields, than any honest signature has.

    The library makes a number of each name in a time that grows with the square of its length: one
    of 250 KB took 28 s. Values cost it about 20 µs each.
    """
    waiting, count = [der.read_value(view, 0, len(view))], 1
    while waiting:
        value = waiting.pop()
        if value.tag == der.OBJECT_IDENTIFIER and value.stop - value.start > MAX_NAME_BYTES:
            raise NotReadable
        if value.tag & der.CONSTRUCTED:
            for inner in der.inner_values(view, value):
                waiting.append(inner)
                count += 1
                if count > MAX_VALUES:
                    raise NotReadable


def read_signer(signed: SignedData, info: cms.SignerInfo) -> Signer:
    """Return one signer.

    Raises NotReadable, or what the library raises about bytes that are not built as agreed.
    """
    digest, algorithm = info["digest_algorithm"]["algorithm"].native, info["signature_algorithm"]
    kind, salt_bytes = algorithm.signature_algo, 0
    if kind == PSS:
        signed_with, salt_bytes = _read_pss(algorithm["parameters"])
    elif algorithm["algorithm"].native in WITHOUT_DIGEST:
        signed_with = digest
    else:
        signed_with = algorithm.hash_algo
    if digest not in DIGESTS or signed_with not in DIGESTS or kind not in (PKCS1, PSS, ECDSA):
        raise NotReadable
    message_digest, attributes = _read_attributes(signed, info["signed_attrs"])
    return Signer(
        digest=digest,
        kind=kind,
        signed_with=signed_with,
        salt_bytes=salt_bytes,
        public_key=_public_key(signed.certificates, info["sid"]),
        signature=info["signature"].native,
        message_digest=message_digest,
        attributes=attributes,
    )


def _read_pss(parameters: cms.Sequence) -> tuple[str, int]:
    """Return the digest and the size of the salt (RFC 4056 §2.2); one digest stands for both."""
    digest, mask = (
        parameters["hash_algorithm"]["algorithm"].native,
        parameters["mask_gen_algorithm"],
    )
    salt_bytes = parameters["salt_length"].native
    is_one_digest = mask["parameters"]["algorithm"].native == digest
    if mask["algorithm"].native != MGF1 or not is_one_digest:
        raise NotReadable
    is_usual = parameters["trailer_field"].native == TRAILER
    if not is_usual or not 0 <= salt_bytes <= MAX_SALT_BYTES:
        raise NotReadable
    return digest, salt_bytes


def _read_attributes(
    signed: SignedData, attributes: cms.CMSAttributes
) -> tuple[bytes | None, tuple[bytes, ...]]:
    """Return the digest that the attributes state, and the forms in which they may be signed."""
    if not isinstance(attributes, cms.CMSAttributes):
        # They may be left out only where plain data is signed (RFC 5652 §5.3).
        if signed.content_type != "data":
            raise NotReadable
        return None, ()
    if not 0 < len(attributes) <= MAX_ATTRIBUTES:
        raise NotReadable
    if _only_value(attributes, "content_type") != signed.content_type:
        raise NotReadable
    digest = _only_value(attributes, "message_digest")
    if not isinstance(digest, bytes):
        raise NotReadable
    # They are signed as a SET OF, not under the tag that they have here (RFC 5652 §5.4).
    as_set = attributes.untag()
    as_came = as_set.dump()
    return digest, tuple(dict.fromkeys((as_came, as_set.dump(force=True))))


def _only_value(attributes: cms.CMSAttributes, kind: str) -> object:
    """Return the one value of an attribute that must be there once (RFC 5652 §11.1, §11.2)."""
    found = [each["values"] for each in attributes if each["type"].native == kind]
    if len(found) != 1 or len(found[0]) != 1:
        raise NotReadable
    value: object = found[0][0].native
    return value


def _public_key(certificates: Sequence[cms.CertificateChoices], sid: cms.SignerIdentifier) -> bytes:
    """Return the key of the certificate that a signer names (RFC 5652 §5.3)."""
    for choice in certificates:
        if choice.name != "certificate":
            continue
        certificate = choice.chosen
        if sid.name == "issuer_and_serial_number":
            named = sid.chosen
            is_named = (
                certificate["tbs_certificate"]["serial_number"].native
                == named["serial_number"].native
                and certificate.issuer.dump() == named["issuer"].dump()
            )
        else:
            is_named = certificate.key_identifier == sid.chosen.native
        if is_named:
            key: bytes = certificate.public_key.dump()
            return key
    raise NotReadable
