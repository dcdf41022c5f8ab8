"""When a bundle was signed at the latest, as somebody trusted says (client specification, time).

A time is what a trusted log signed (its entry timestamp, SET), or what a trusted authority signed
(RFC 3161); where a bundle has neither, what a time stamp beside it proves to the auditor. The
integrated time of an entry without the log's signature over it is no time.
"""

import base64
import hashlib
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes

from workbench.evidence.quick_json import json_text
from workbench.model.bundle import LogEntry
from workbench.model.trust import AnchorKind, Trust, TrustAnchor, TrustRole
from workbench.model.trusted_root import TrustedAuthority, TrustedLog
from workbench.model.verdict import Code, Indication, Step, failed, indeterminate
from workbench.verify.by_hand import because
from workbench.verify.keys.public import verify_signature
from workbench.verify.keys.signable import load_key
from workbench.verify.sigstore.findings import Case, Found
from workbench.verify.timestamp.judge import JudgedToken, judge_token
from workbench.verify.timestamp.token import TokenProblem, read_token

_SPECIFICATION = "Sigstore client specification, establishing time"
#: Who told a time that is not in the bundle: another step judged it.
_BESIDE = "a time stamp beside the bundle"
_LAST_SECOND = 253_402_300_799


def find_times(case: Case, found: Found) -> None:
    """Add every trusted time of a bundle, and what is wrong with others."""
    for entry in case.bundle.entries:
        _of_entry(case, entry, found)
    for data in case.bundle.timestamps:
        _of_timestamp(case, data, found)
    if case.trust.proven is not None and not found.times:
        found.times.append((case.trust.proven, _BESIDE))
    told = [f"{at:%Y-%m-%dT%H:%M:%SZ} by {who}" for at, who in found.times]
    found.steps.append(
        Step(
            f"{_SPECIFICATION}; RFC 3161 2.2",
            "Look for signed times: by a log over its entry, by an authority over the signature.",
            f"{'; '.join(told)}." if told else "None is by anybody whom the trusted root names.",
            because("No command: openssl ts -verify needs the token and the authority apart."),
        )
    )


def log_of(case: Case, entry: LogEntry) -> TrustedLog | None:
    """Return the log that an entry says it is of, if the trusted root names it."""
    return next((log for log in case.root.logs if log.log_id == entry.log_id), None)


def _of_entry(case: Case, entry: LogEntry, found: Found) -> None:
    """Take the time that a log has signed together with its entry (SET)."""
    log = log_of(case, entry)
    if log is None or not entry.promise or entry.integrated is None:
        return
    if not verifies_promise(log, entry):
        found.bad_times.append(failed(Code.SIG_CRYPTO_FAILURE))
        found.notes.append(f"The time of the log entry is not signed by {log.name}.")
        return
    if entry.integrated > _LAST_SECOND:
        found.bad_times.append(failed(Code.FORMAT_FAILURE))
        return
    at = datetime.fromtimestamp(entry.integrated, UTC)
    if not log.window.holds(at):
        found.bad_times.append(indeterminate(Code.OUT_OF_BOUNDS_NO_POE))
        found.notes.append(f"{log.name} is not trusted for {at:%Y-%m-%d %H:%M} UTC.")
        return
    found.times.append((at, log.name))


def verifies_promise(log: TrustedLog, entry: LogEntry) -> bool:
    """Tell whether a log signed body, time and index of an entry (RFC 8785 spells them)."""
    key = load_key(log.key)
    said: dict[str, str | int | None] = {
        "body": base64.b64encode(entry.body).decode(),
        "integratedTime": entry.integrated,
        "logID": entry.log_id.hex(),
        "logIndex": entry.index,
    }
    # Base64, hexadecimal and whole numbers have one spelling in RFC 8785, and names are in order.
    return key is not None and verify_signature(
        key, entry.promise, json_text({**said}).encode(), hashes.SHA256()
    )


def _of_timestamp(case: Case, data: bytes, found: Found) -> None:
    """Take the time of a token by an authority that the trusted root names for that time."""
    unread = read_token(data)
    if isinstance(unread, TokenProblem):
        found.bad_times.append(failed(Code.FORMAT_FAILURE))
        found.notes.append(f"A time stamp of the bundle cannot be read: {unread.message}")
        return
    judged: JudgedToken | None = None
    for authority in case.root.timestamp_authorities:
        answer = _judge(case, authority, data)
        time = answer.token.time if answer.token else None
        if answer.indication is Indication.PASSED and time is not None:
            if authority.window.holds(time):
                found.times.append((time, answer.signer or authority.name))
                return
            found.notes.append(f"{authority.name} is not trusted for the time of its token.")
            found.bad_times.append(indeterminate(Code.OUT_OF_BOUNDS_NO_POE))
            return
        if judged is None or answer.indication.severity > judged.indication.severity:
            judged = answer
    code = judged.code if judged and judged.code else Code.NO_TRUST_ANCHOR
    bad = judged is not None and judged.indication is Indication.FAILED
    found.bad_times.append(failed(code) if bad else indeterminate(code))
    found.notes.append(judged.why if judged else "The trusted root names no time-stamp authority.")


def _judge(case: Case, authority: TrustedAuthority, data: bytes) -> JudgedToken:
    def digest_of(algorithm: str) -> bytes:
        return hashlib.new(algorithm, case.bundle.signature).digest()

    root = authority_anchor(case, authority, TrustRole.TSA)
    trust = Trust(at=case.trust.at, anchors=(root,), revocations=case.trust.revocations)
    return judge_token(data, digest_of, trust, certificates=authority.chain)


def authority_anchor(case: Case, authority: TrustedAuthority, role: TrustRole) -> TrustAnchor:
    """Return the root certificate of an authority, trusted as far as the trusted root is."""
    der = authority.chain[-1]
    fingerprint = hashlib.sha256(der).hexdigest()
    return TrustAnchor(
        name=case.anchor.name,
        kind=AnchorKind.CERTIFICATE,
        role=role,
        fingerprint=fingerprint,
        key_fingerprint=fingerprint,
        der=der,
        confirmed=case.anchor.confirmed,
        self_supplied=case.anchor.self_supplied,
        found_in=case.anchor.found_in,
    )
