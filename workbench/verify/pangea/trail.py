"""The proof trail of an export, with commands for its first event."""

from collections.abc import Iterator, Sequence

from workbench.evidence.subject import Subject
from workbench.model.verdict import Step
from workbench.verify.by_hand import SCRATCH, because, file_at, of_subject, python
from workbench.verify.pangea.found import Judged, Roots

CLAUSE = "Pangea Secure Audit Log, verification of events"

#: Hashes the envelope of an event, then climbs to its root: the left child first, no prefixes.
_EVENT = (
    "import hashlib, json, sys; d = json.load(open(sys.argv[1], encoding='utf-8')); "
    "d = d.get('result', d); e = d['events'][int(sys.argv[2])] if 'events' in d else d; "
    "c = json.dumps(e['envelope'], ensure_ascii=False, separators=(',', ':'), sort_keys=True); "
    "h = hashlib.sha256(c.encode()).digest(); print(h.hex()); "
    "s = [x.split(':') for x in e['membership_proof'].split(',')]; "
    "f = lambda h, s: h if not s else f(hashlib.sha256(bytes.fromhex(s[0][1]) + h if "
    "s[0][0] == 'l' else h + bytes.fromhex(s[0][1])).digest(), s[1:]); "
    "print(f(h, s).hex())"
)


def steps(subject: Subject, judged: Sequence[Judged], roots: Roots, digest: str) -> Iterator[Step]:
    """Yield the steps that were done."""
    same = sum(one.reproduced for one in judged)
    did = f"Hashed the canonical JSON of the envelope of each of {len(judged):,} events."
    yield Step(CLAUSE, did, f"{same:,} have the hash that is stated.", *_first(subject, judged))
    asked = [one for one in judged if one.member is not None]
    stand = sum(one.member is True for one in asked)
    did = f"Climbed from {len(asked):,} events to their roots, on the sides that their places have."
    why = because("No command: that of the step before prints the root too.")
    yield Step(CLAUSE, did, f"{stand:,} stand under their root.", why)
    if roots.proven or roots.unproven:
        did = "Checked that all nodes of each consistency proof lead to its root."
        result = f"{len(roots.proven)} hold, {len(roots.unproven)} do not."
        why = because("No command: the peer's verify_audit does the same with the service's roots.")
        yield Step(CLAUSE, did, result, why)
    signed = [one for one in judged if one.signature]
    wrong = sum(one.signed_as_is is False for one in signed)
    did = f"Verified the Ed25519 signatures of {len(signed):,} events over their canonical JSON."
    why = because("No command: openssl pkeyutl -verify -rawin does it for one event.")
    yield Step("RFC 8032 5.1.7", did, f"{wrong:,} do not verify.", why)
    yield Step("FIPS 180-4", "Hashed the file.", f"SHA-256 {digest}.", *of_subject(subject, digest))


def _first(subject: Subject, judged: Sequence[Judged]) -> tuple[str, str]:
    one = judged[0] if judged else None
    root = one.event.root if one else None
    if one is None or one.made is None or not one.member or root is None:
        return because("No command: the first event has no proof that holds."), ""
    if subject.container != "json":
        return because("No command: the events are lines of a file; each is checked alike."), ""
    place = file_at(subject.files[0])
    command = python(_EVENT, '"$F"', "0")
    return f"{SCRATCH}\n{place}\n{command}", f"{one.made.hex()}\n{root.hash.hex()}"
