"""Write the vectors of signed heads: resources/selftest/head and the bytes in the help page.

Run from anywhere; the result is the same to the byte each time. The private keys are the RFC 8032
way of saying "published": bytes that count up, which protect nothing. The heads are put together
here by hand, so that the vectors check the writer too.
"""

import base64
import hashlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: E402

OUTPUT = CHECKOUT / "resources" / "selftest" / "head"
PAGE = CHECKOUT / "resources" / "help" / "head-format.md"
PROFILE = CHECKOUT / "resources" / "profiles" / "workbench.yaml"
BEGIN, END = "<!-- vectors: written by packaging/vectors/head.py -->\n", "<!-- end of vectors -->\n"

NAME = "example.com/audit-log"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))

ACTS = (
    ("2026-04-01T08:00:00Z", "j.meyer", "register", "credit-scoring:7"),
    ("2026-04-01T09:30:00Z", "a.osei", "approve", "credit-scoring:7"),
    ("2026-04-02T07:15:00Z", "deploy-bot", "deploy", "credit-scoring:7"),
    ("2026-04-20T16:45:00Z", "j.meyer", "register", "credit-scoring:8"),
    ("2026-04-21T10:05:00Z", "é.roux", "approve", "credit-scoring:8"),
)


def log(acts: Sequence[tuple[str, str, str, str]]) -> list[bytes]:
    """Return the records of a log in the profile ``workbench``, without line ends."""
    records, previous = [], "0" * 64
    for number, (time, actor, action, thing) in enumerate(acts, 1):
        body = {"actor": actor, "action": action, "object": thing, "outcome": "success"}
        body |= {"seq": number, "time": time, "prev": previous}
        previous = hashlib.sha256(_canonical(body)).hexdigest()
        records.append(_canonical(body | {"hash": previous}))
    return records


def _canonical(record: Mapping[str, object]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root(records: Sequence[bytes]) -> bytes:
    """Return the RFC 6962 root, from its definition."""
    if len(records) < 2:
        return hashlib.sha256(b"\x00" + records[0] if records else b"").digest()
    k = 1 << (len(records) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(records[:k]) + root(records[k:])).digest()


def text(records: Sequence[bytes], *, extended: bool) -> str:
    """Return what a head says about ``records``."""
    lines = [NAME, str(len(records)), base64.b64encode(root(records)).decode()]
    if extended:
        tip = json.loads(records[-1])["hash"]
        profile = hashlib.sha256(PROFILE.read_bytes()).hexdigest()
        lines += [f"chain-head sha256:{tip}", f"profile workbench sha256:{profile}"]
    return "".join(f"{line}\n" for line in lines)


def signature(body: str, key: Ed25519PrivateKey = KEY, name: str = NAME) -> str:
    """Return a signature line over ``body``."""
    blob = key_id(key, name) + key.sign(body.encode())
    return f"\u2014 {name} {base64.b64encode(blob).decode()}\n"


def signed(body: str, *lines: str) -> bytes:
    """Return a note; without lines it is signed by the log."""
    return "".join([body, "\n", *(lines or [signature(body)])]).encode()


def key_id(key: Ed25519PrivateKey, name: str) -> bytes:
    """Return the four bytes that name a key in a note."""
    raw = key.public_key().public_bytes_raw()
    return hashlib.sha256(name.encode() + b"\n\x01" + raw).digest()[:4]


def vkey(key: Ed25519PrivateKey = KEY, name: str = NAME) -> bytes:
    """Return the verifier key, a line."""
    typed = base64.b64encode(b"\x01" + key.public_key().public_bytes_raw()).decode()
    return f"{name}+{key_id(key, name).hex()}+{typed}\n".encode()


def pem(key: Ed25519PrivateKey = KEY) -> bytes:
    """Return the public key as PEM."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PrivateKey = KEY) -> str:
    """Return the SHA-256 of the public key's DER."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


RECORDS = log(ACTS)
FORGED = log((*ACTS[:4], ("2026-04-21T10:05:00Z", "j.meyer", "approve", "credit-scoring:8")))
PLAIN, FULL = text(RECORDS[:3], extended=False), text(RECORDS, extended=True)


@dataclass(frozen=True)
class Vector:
    """A log with its head, what is trusted, and the verdict that is known for it."""

    title: str
    head: bytes = field(default_factory=lambda: signed(FULL))
    records: Sequence[bytes] = tuple(RECORDS)
    trust: tuple[str, bytes] = ("log=trust/log.vkey", vkey())
    beside: Mapping[str, bytes] = field(default_factory=dict)
    confirm: tuple[str, ...] = ()
    integrity: str = "PASSED ANCHORED"
    authenticity: str = f"PASSED {NAME}"
    completeness: str = "PASSED ANCHORED"
    diagnoses: Sequence[tuple[str, int]] = ()


def unproven(title: str, authenticity: str, **more: object) -> Vector:
    """Return a vector whose log agrees with itself, and whose head proves nothing."""
    return Vector(
        title,
        integrity="PASSED SELF_CONSISTENT",
        authenticity=authenticity,
        completeness="INDETERMINATE NO_ANCHOR",
        **more,  # type: ignore[arg-type]  # names and types are the fields'
    )


def _spelled_otherwise() -> bytes:
    """Set a spare bit in the last digit of the signature, which lenient decoders ignore."""
    whole = signed(FULL)
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    digit = alphabet.index(whole[-3])
    return whole[:-3] + alphabet[digit + 1 : digit + 2] + b"=\n"


VECTORS = {
    "vector-1": Vector(
        "Three records and a head without extensions, checked with a verifier key.",
        signed(PLAIN),
        tuple(RECORDS[:3]),
    ),
    "vector-2": Vector(
        "Five records and a head with chain head and profile, checked with a PEM key.",
        trust=("log=trust/log.pem", pem()),
        authenticity="PASSED log.pem",
    ),
    "key-in-evidence-confirmed": Vector(
        "The key lies in the evidence, and the auditor compared its fingerprint out of band.",
        beside={"log.pem": pem()},
        confirm=(fingerprint(),),
    ),
    "second-signature-unknown": Vector(
        "Somebody whom the auditor does not know signed the head too.",
        signed(FULL, signature(FULL, STRANGER, "example.org/mirror"), signature(FULL)),
    ),
    "root-changed": unproven(
        "The root was changed after the head was signed.",
        "FAILED SIG_CRYPTO_FAILURE",
        head=signed(FULL.replace(FULL.split("\n")[2], "A" * 43 + "="), signature(FULL)),
    ),
    "size-changed": unproven(
        "The number of records was changed after the head was signed.",
        "FAILED SIG_CRYPTO_FAILURE",
        head=signed(FULL.replace("\n5\n", "\n4\n"), signature(FULL)),
    ),
    "second-signature-wrong": Vector(
        "A second line of the log's own key does not verify.",
        signed(FULL, signature(FULL), signature(PLAIN)),
        authenticity="FAILED SIG_CRYPTO_FAILURE",
    ),
    "key-unknown": unproven(
        "The head is signed with a key that the auditor does not know.",
        "INDETERMINATE NO_TRUST_ANCHOR",
        head=signed(FULL, signature(FULL, STRANGER)),
    ),
    "key-under-another-name": unproven(
        "A verifier key is good for its own name only.",
        "INDETERMINATE NO_TRUST_ANCHOR",
        head=signed(FULL, signature(FULL, KEY, "example.com/other-log")),
    ),
    "key-in-evidence": unproven(
        "The key that the auditor was given also lies in the evidence.",
        "INDETERMINATE SELF_SUPPLIED_KEY",
        beside={"log.pem": pem()},
    ),
    "key-for-models": unproven(
        "The auditor trusts the key for models, not for logs.",
        "INDETERMINATE ROLE_MISMATCH",
        trust=("model=trust/log.pem", pem()),
    ),
    "line-ends-converted": unproven(
        "The head went through something that writes CRLF: it is no signed note any more.",
        "INDETERMINATE FORMAT_FAILURE",
        head=signed(FULL).replace(b"\n", b"\r\n"),
    ),
    "base64-spelled-otherwise": unproven(
        "The signature is spelled in another base64 of the same bytes.",
        "INDETERMINATE FORMAT_FAILURE",
        head=_spelled_otherwise(),
    ),
    "last-record-cut": Vector(
        "The last record was cut off: the head is genuine, but not over what is left.",
        records=tuple(RECORDS[:4]),
        integrity="PASSED SELF_CONSISTENT",
        authenticity="INDETERMINATE PARTIAL_COVERAGE",
        completeness="FAILED TAIL_TRUNCATED",
        diagnoses=[("TAIL_TRUNCATED", 4)],
    ),
    "chained-anew": Vector(
        "Record 5 was replaced and its digest made anew; the head over 3 records still agrees.",
        records=tuple(FORGED),
        beside={"log-3.head": signed(PLAIN)},
        integrity="FAILED RECHAINED_AFTER",
        authenticity="FAILED RECHAINED_AFTER",
        completeness="INDETERMINATE NO_ANCHOR",
        diagnoses=[("RECHAINED_AFTER", 4)],
    ),
}


def write(name: str, vector: Vector) -> None:
    """Write one vector: what is verified, what is trusted, what is known."""
    folder = OUTPUT / name
    spec, trusted = vector.trust
    files = {
        "drop/log.jsonl": b"".join(record + b"\n" for record in vector.records),
        "drop/log.head": vector.head,
        spec.partition("=")[2]: trusted,
        **{f"drop/{name}": content for name, content in vector.beside.items()},
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    known = {
        "title": vector.title,
        "trust": [spec],
        "confirm": list(vector.confirm),
        "secret": [],
        "profile": None,
        "expect_count": None,
        "at": "2026-06-30T00:00:00Z",
        "subject": "log.jsonl",
        "integrity": vector.integrity,
        "authenticity": vector.authenticity,
        "completeness": vector.completeness,
        "time": "INDETERMINATE NO_TRUSTED_TIME",
        "diagnoses": [list(pair) for pair in vector.diagnoses],
    }
    expected = json.dumps(known, indent=2, ensure_ascii=False) + "\n"
    (folder / "expected.json").write_bytes(expected.encode())


def page_section() -> str:
    """Return the two published vectors as the help page shows them."""
    parts = [
        f"Private key (RFC 8032 seed, hex): `{KEY.private_bytes_raw().hex()}`\n",
        f"Verifier key:\n\n```\n{vkey().decode()}```\n",
    ]
    for number, records, body in ((1, RECORDS[:3], PLAIN), (2, RECORDS, FULL)):
        lines = "\n".join(record.decode() for record in records)
        leaves = "\n".join(root([record]).hex() for record in records)
        head = signed(body)
        parts.append(
            f"### Vector {number}\n\n"
            f"The {len(records)} records:\n\n```\n{lines}\n```\n\n"
            f"Their leaf hashes, and the root:\n\n```\n{leaves}\n\n{root(records).hex()}\n```\n\n"
            f"The head, {len(head)} bytes, SHA-256 `{hashlib.sha256(head).hexdigest()}`:\n\n"
            f"```\n{head.decode()}```\n"
        )
    return "\n" + "\n".join(parts) + "\n"


def main() -> None:
    """Write every vector anew, and the bytes in the page."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    for name, vector in VECTORS.items():
        write(name, vector)
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    whole = before + BEGIN + page_section() + END + after
    PAGE.write_text(whole, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
