"""The proof trail of a delivery of CloudTrail, and the commands that do the same by hand."""

from collections.abc import Iterator

from workbench.model.verdict import Indication, Step
from workbench.verify import by_hand
from workbench.verify.by_hand import because, command, file_at, hashed, python, write
from workbench.verify.chain.breaks import MOST_LISTED
from workbench.verify.cloudtrail.chain import Chain
from workbench.verify.cloudtrail.outcome import Facts, diagnoses
from workbench.verify.cloudtrail.reading import Places

_GUIDE = "AWS CloudTrail user guide, "
_MOST_NAMES = 20

#: Writes what is signed of a digest: its end, its place, its SHA-256, the signature before it.
_SIGNED = (
    "import hashlib, json, sys; d = open(sys.argv[1], 'rb').read(); j = json.loads(d); "
    "p = j['previousDigestSignature']; "
    "t = [j['digestEndTime'], j['digestS3Bucket'] + '/' + j['digestS3Object'], "
    "hashlib.sha256(d).hexdigest(), 'null' if p is None else p]; "
    "open(sys.argv[2], 'w', newline='').write(chr(10).join(t))"
)


def steps(facts: Facts, digest: str) -> Iterator[Step]:
    """Yield the numbered steps."""
    yield _read(facts, digest)
    for number, chain in enumerate(facts.chains, 1):
        yield _signatures(chain, number)
        yield _links(chain)
    yield _logs(facts)


def _read(facts: Facts, digest: str) -> Step:
    did = (
        f"Read {len(facts.reads):,} digests and {facts.present:,} log files, uncompressed; of each "
        "gzip file one member and nothing after it (RFC 1952 2.2)."
    )
    begin = by_hand.SCRATCH + "\n" + because("No command for the list: it is over what is inside.")
    return Step("FIPS 180-4", did, f"SHA-256 of the list of them {digest}", begin)


def _signatures(chain: Chain, number: int) -> Step:
    passed, failed = len(chain.proven), sum(m.signed.failed for m in chain.members)
    did = (
        f"Judge the signatures over {len(chain.members):,} digests of {chain.name}: beside each, "
        "else in the digest after it."
    )
    said = f"{passed:,} are signed by a key that the auditor trusts; {failed:,} signatures fail."
    why = next((m.signed.reason for m in chain.members if not m.signed.passed), "")
    clause = f"{_GUIDE}custom implementations of log file integrity validation; RFC 8017 8.2"
    return Step(clause, did, f"{said} {why}".strip(), *_signature_by_hand(chain, number))


def _signature_by_hand(chain: Chain, number: int) -> tuple[str, str]:
    """Return the commands for one signature of a chain, and what they print."""
    member = next(iter(chain.proven), None)
    anchor = None if member is None else member.signed.anchor
    if member is None or anchor is None:
        return because("No command: no digest of it is signed by whom the auditor trusts."), ""
    key, data, value = f'"$S/{number}.key"', f'"$S/{number}.text"', f'"$S/{number}.sig"'
    lines = (
        file_at(member.read.file, "G"),
        write(anchor.der, f"{number}.key"),
        hashed(f"$S/{number}.key"),
        python(_SIGNED, '"$G"', data),
        write(bytes.fromhex(member.signed.text), f"{number}.sig"),
        command(
            "openssl dgst -sha256 -keyform DER",
            f"-verify {key}",
            f"-signature {value}",
            data,
        ),
    )
    return "\n".join(lines), f"{anchor.fingerprint}\nVerified OK"


def _links(chain: Chain) -> Step:
    linked = [m for m in chain.members if m.digest.previous is not None]
    kinds = ", ".join(sorted({d.kind.value for d in chain.diagnoses})) or "nothing amiss"
    did = (
        f"Follow {chain.name} from each digest to the one before it: SHA-256, signature and bucket "
        "that it states, and the time between them."
    )
    first, last = chain.members[0].digest, chain.members[-1].digest
    span = f"It covers {first.start:%Y-%m-%dT%H:%M:%SZ} to {last.end_text}."
    return Step(
        f"{_GUIDE}digest file structure",
        did,
        f"{len(linked):,} name one before them; found: {kinds}. {span}",
        *_link_by_hand(chain),
    )


def _link_by_hand(chain: Chain) -> tuple[str, str]:
    """Return the command for one link: the SHA-256 of a digest, and what the next states."""
    by_key = {member.digest.key: member for member in chain.good}
    for member in chain.good:
        previous = member.digest.previous
        before = None if previous is None else by_key.get(previous.key)
        if previous is None or before is None or previous.sha256 != before.read.sha256:
            continue
        stated = python(
            "import json, sys; print(json.load(open(sys.argv[1]))['previousDigestHashValue'])",
            '"$N"',
        )
        lines = (
            file_at(before.read.file, "P"),
            file_at(member.read.file, "N"),
            hashed("$P"),
            stated,
        )
        return "\n".join(lines), f"{previous.sha256}\n{previous.sha256}"
    return because("No command: no digest here states that of another one here."), ""


def _logs(facts: Facts) -> Step:
    logs = facts.logs
    did = "Hash every log file once, uncompressed, and hold it against the digest that lists it."
    result = (
        f"{logs.listed:,} are listed, {logs.agreeing:,} of them are here byte for byte, "
        f"{logs.signed:,} under a signature; {len(logs.doubtful):,} are listed by no digest that "
        "holds."
    )
    return Step(f"{_GUIDE}digest file structure; FIPS 180-4", did, result, *_log_by_hand(facts))


def _log_by_hand(facts: Facts) -> tuple[str, str]:
    """Return the command for one log file that agrees."""
    places = Places.of(facts.subject.files)
    bad = {diagnosis.path for diagnosis in facts.logs.diagnoses}
    for member in (m for chain in facts.chains for m in chain.proven):
        for listed in member.digest.logs:
            file = places.at(listed.key)
            if file is not None and file.problem is None and not bad & {listed.key, file.place}:
                return f"{file_at(file, 'L')}\n{hashed('$L')}", listed.sha256
    return because("No command: no log file is listed by a digest that is signed."), ""


def notes(facts: Facts) -> Iterator[str]:
    """Yield what the auditor must know beside the verdict."""
    for chain in facts.chains:
        yield _extent(chain)
        yield from _about_signatures(chain)
    found = sum(1 for _ in diagnoses(facts))
    if found > MOST_LISTED:
        yield f"{found:,} diagnoses were made; the first {MOST_LISTED:,} are listed."
    if facts.logs.doubtful:
        yield f"{len(facts.logs.doubtful):,} log files are listed by no digest that holds."
    yield "Digests newer than those here would not be missed: nothing names the newest one."


def _extent(chain: Chain) -> str:
    proven = chain.proven
    if not proven:
        return f"{chain.name}: no digest is signed by whom the auditor trusts."
    first, last = proven[0].digest, proven[-1].digest
    said = (
        f"{chain.name}: signed digests cover {first.start:%Y-%m-%dT%H:%M:%SZ} to {last.end_text}, "
        "the time in which log files were delivered, some minutes after the events in them."
    )
    newest = chain.members[-1]
    if newest is not proven[-1] and not newest.signed.verdicts:
        said += (
            f" The newest digest, to {newest.digest.end_text}, is not signed here: its signature "
            "is in the metadata of the S3 object (aws s3api head-object), or in the next digest."
        )
    return said


def _about_signatures(chain: Chain) -> Iterator[str]:
    told: set[str] = set()
    for member in chain.members:
        rows = member.signed.verdicts
        reason = member.signed.reason
        if rows and rows[0].indication is not Indication.PASSED and reason not in told:
            told.add(reason)
            if len(told) <= _MOST_NAMES:
                yield reason
        if member.signed.passed and member.signed.failed:
            yield (
                f"{member.read.place}: the signature beside it is not over it, the one in the next "
                "digest is."
            )
