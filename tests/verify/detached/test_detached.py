"""Signatures beside a file: vectors made by ssh-keygen 9 and by a minisign that is not ours."""

import base64
import shutil
import subprocess
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bounded import seconds
from workbench.errors import SourceError
from workbench.evidence.file import found_again
from workbench.evidence.limits import LIMITS
from workbench.evidence.subject import Subject
from workbench.model.progress import Cancel, Silent
from workbench.model.request import VerifyRequest
from workbench.model.verdict import SubjectVerdict
from workbench.model.verification import Verification
from workbench.services.verification import verify
from workbench.verify.judge import judge
from workbench.verify.keys.openpgp import read_signatures
from workbench.verify.trust.anchors import load_trust
from workbench.verify.verifier import Bench

VECTORS = Path(__file__).parent / "vectors"
FILE = VECTORS / "model-card.txt"
AT = datetime(2026, 6, 30, tzinfo=UTC)

SSH = {
    "ssh-ed25519.sig": "ssh-ed25519.pub",
    "ssh-rsa.sig": "ssh-rsa.pub",
    "ssh-p256.sig": "ssh-p256.pub",
    "ssh-p384.sig": "ssh-p384.pub",
    "ssh-p521.sig": "ssh-p521.pub",
    "ssh-sha256.sig": "ssh-ed25519.pub",
}
MINISIGN = {
    "minisign-hashed.minisig": "minisign.pub",
    "minisign-whole.minisig": "minisign.pub",
}
OPENPGP = {
    "pgp-good.asc": "pgp-good.pub.asc",
    "pgp-primary.sig": "pgp-good.pub.asc",
    "pgp-rsa.asc": "pgp-rsa.pub.asc",
    "pgp-p256.asc": "pgp-p256.pub.asc",
}
VECTOR_KEYS = SSH | MINISIGN | OPENPGP

GREEN = ("PASSED ANCHORED", "PASSED", "PASSED ANCHORED")
ALTERED = "FAILED FILE_ALTERED"


def words(verdict: SubjectVerdict) -> tuple[str, str, str]:
    """Return the three required dimensions; the name of a signer is left out."""
    authenticity = verdict.authenticity
    green = authenticity.indication == "PASSED"
    return (
        f"{verdict.integrity.indication} {verdict.integrity.code}",
        "PASSED" if green else f"{authenticity.indication} {authenticity.code}",
        f"{verdict.completeness.indication} {verdict.completeness.code}",
    )


def checked(folder: Path, *trust: str, **asked: object) -> Verification:
    request = VerifyRequest(paths=(folder,), at=AT, trust=trust, **asked)  # type: ignore[arg-type]
    return verify(request, progress=Silent(), cancel=Cancel())


def verdict_on(folder: Path, *trust: str, name: str = "model-card.txt") -> SubjectVerdict:
    found = [s for s in checked(folder, *trust).subjects if s.path.endswith(name)]
    assert found[0].verdict is not None
    return found[0].verdict


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    shutil.copy(FILE, folder)
    return folder


def lay(drop: Path, name: str, data: bytes | None = None, to: str = "model-card.txt") -> Path:
    """Put a signature beside the file that it is over."""
    target = drop / f"{to}{Path(name).suffix}"
    target.write_bytes((VECTORS / name).read_bytes() if data is None else data)
    return target


@pytest.mark.parametrize("name", VECTOR_KEYS)
def test_a_file_signed_by_a_trusted_key_is_anchored(name: str, drop: Path) -> None:
    lay(drop, name)
    verdict = verdict_on(drop, str(VECTORS / VECTOR_KEYS[name]))
    assert words(verdict) == GREEN


@pytest.mark.parametrize("name", SSH)
def test_without_a_trusted_key_a_signature_with_its_own_shows_consistency(
    name: str, drop: Path
) -> None:
    lay(drop, name)
    assert words(verdict_on(drop)) == (
        "PASSED SELF_CONSISTENT",
        "INDETERMINATE NO_TRUST_ANCHOR",
        "INDETERMINATE NO_ANCHOR",
    )


@pytest.mark.parametrize("name", MINISIGN | OPENPGP)
def test_without_its_key_a_signature_shows_nothing(name: str, drop: Path) -> None:
    lay(drop, name)
    assert words(verdict_on(drop)) == (
        "INDETERMINATE NOT_RECOMPUTABLE",
        "INDETERMINATE NO_TRUST_ANCHOR",
        "INDETERMINATE NO_ANCHOR",
    )


@pytest.mark.parametrize("name", VECTOR_KEYS)
def test_an_altered_file_fails_and_its_innocent_cause_is_named(name: str, drop: Path) -> None:
    lay(drop, name)
    (drop / "model-card.txt").write_bytes(FILE.read_bytes().replace(b"\n", b"\r\n"))
    verdict = verdict_on(drop, str(VECTORS / VECTOR_KEYS[name]))
    assert words(verdict)[:2] == (ALTERED, "FAILED SIG_CRYPTO_FAILURE")
    (told,) = verdict.diagnoses
    assert (told.kind, told.path) == ("FILE_ALTERED", "drop/model-card.txt")
    assert "LF where they are CRLF" in told.explanations[1]


@pytest.mark.parametrize("name", SSH)
def test_an_altered_file_fails_even_where_nobody_is_trusted(name: str, drop: Path) -> None:
    lay(drop, name)
    (drop / "model-card.txt").write_bytes(FILE.read_bytes() + b" ")
    assert words(verdict_on(drop))[:2] == (ALTERED, "INDETERMINATE NO_TRUST_ANCHOR")


@pytest.mark.parametrize("name", VECTOR_KEYS)
def test_a_key_that_lies_in_the_evidence_proves_nothing_until_confirmed(
    name: str, drop: Path
) -> None:
    lay(drop, name)
    key = VECTORS / VECTOR_KEYS[name]
    shutil.copy(key, drop / "key.pub")
    assert words(verdict_on(drop, str(key)))[1] == "INDETERMINATE SELF_SUPPLIED_KEY"


@pytest.mark.parametrize(("name", "other"), [
    ("ssh-ed25519.sig", "ssh-p256.pub"), ("minisign-hashed.minisig", "ssh-ed25519.pub"),
    ("pgp-good.asc", "pgp-rsa.pub.asc"), ("pgp-rsa.asc", "ssh-rsa.pub"),
])  # fmt: skip
def test_another_key_has_no_effect(name: str, other: str, drop: Path) -> None:
    lay(drop, name)
    assert words(verdict_on(drop, str(VECTORS / other)))[1] == "INDETERMINATE NO_TRUST_ANCHOR"


@pytest.mark.parametrize("name", VECTOR_KEYS)
@pytest.mark.parametrize("role", ["model", "report", "tsa"])
def test_a_key_trusted_for_something_else_does_not_count(name: str, role: str, drop: Path) -> None:
    lay(drop, name)
    verdict = verdict_on(drop, f"{role}={VECTORS / VECTOR_KEYS[name]}")
    assert words(verdict)[:2] == ("PASSED SELF_CONSISTENT", "INDETERMINATE ROLE_MISMATCH")


def test_a_signature_for_another_protocol_is_none_over_a_file(drop: Path, tmp_path: Path) -> None:
    lay(drop, "ssh-git.sig")
    key = (VECTORS / "ssh-ed25519.pub").read_text()
    assert words(verdict_on(drop, str(VECTORS / "ssh-ed25519.pub")))[1] == (
        "INDETERMINATE SIG_CONSTRAINTS_FAILURE"
    )
    allowed = tmp_path / "allowed"
    allowed.write_text(f'ann@example.com namespaces="git,file" {key}')
    assert words(verdict_on(drop, str(allowed))) == GREEN


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ('valid-after="20200101Z",valid-before="20270101"', "PASSED"),
        ('valid-before="20260629"', "INDETERMINATE OUT_OF_BOUNDS_NO_POE"),
        ('valid-after="20260701"', "INDETERMINATE NOT_YET_VALID"),
        ('namespaces="git"', "INDETERMINATE SIG_CONSTRAINTS_FAILURE"),
        ('namespaces="!file"', "INDETERMINATE SIG_CONSTRAINTS_FAILURE"),
        ('namespaces="fi*"', "PASSED"),
        ('valid-before="20270101",namespaces="of us,fi*"', "PASSED"),
    ],
)
def test_allowed_signers_say_when_and_what_for(
    options: str, says: str, drop: Path, tmp_path: Path
) -> None:
    lay(drop, "ssh-ed25519.sig")
    allowed = tmp_path / "allowed"
    allowed.write_text(f"# who\nann@x {options} {(VECTORS / 'ssh-ed25519.pub').read_text()}")
    assert words(verdict_on(drop, str(allowed)))[1] == says


def test_a_threshold_counts_different_keys(drop: Path) -> None:
    lay(drop, "ssh-ed25519.sig")
    lay(drop, "minisign-hashed.minisig")
    keys = (str(VECTORS / "ssh-ed25519.pub"), str(VECTORS / "minisign.pub"))
    for threshold, says in ((2, "PASSED"), (3, "INDETERMINATE TOO_FEW_SIGNERS")):
        found = checked(drop, *keys, threshold=threshold).subjects[0].verdict
        assert found is not None
        assert words(found)[1] == says


def test_beside_a_trusted_signature_a_strangers_broken_one_has_no_effect(drop: Path) -> None:
    lay(drop, "minisign-hashed.minisig")
    lay(drop, "ssh-git.sig", (VECTORS / "ssh-p256.sig").read_bytes()[:-40] + b"-" * 5)
    verdict = verdict_on(drop, str(VECTORS / "minisign.pub"))
    assert words(verdict)[1] == "FAILED FORMAT_FAILURE"  # damage, whoever made it
    lay(drop, "ssh-p256.sig")
    assert words(verdict_on(drop, str(VECTORS / "minisign.pub"))) == GREEN


def test_a_signature_without_its_file_is_not_passed_over(drop: Path) -> None:
    (drop / "model-card.txt").unlink()
    lay(drop, "ssh-ed25519.sig", to="gone.bin")
    shutil.copy(VECTORS / "minisign-whole.minisig", drop / "lost.minisig")
    found = {s.path: s.verdict.integrity.code for s in checked(drop).subjects if s.verdict}
    assert found == {
        "drop/gone.bin.sig": "NOT_RECOMPUTABLE",
        "drop/lost.minisig": "NOT_RECOMPUTABLE",
    }


def test_only_a_signature_makes_a_subject_of_a_file(drop: Path) -> None:
    (drop / "model-card.txt").rename(drop / "notes.asc")
    (drop / "notes.asc").write_text("= AsciiDoc\n")
    assert checked(drop).subjects == ()


def test_an_archive_is_signed_as_it_was_delivered(tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    shutil.make_archive(str(folder / "export"), "zip", VECTORS)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "k"], check=True
    )
    archive = folder / "export.zip"
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", tmp_path / "k", "-n", "file", archive], check=True
    )
    verdict = verdict_on(folder, str(tmp_path / "k.pub"), name="export.zip")
    assert words(verdict) == GREEN
    assert [s.path for s in checked(folder).sources if s.format == "archive"] == ["drop/export.zip"]


BEGIN, END = b"-----BEGIN SSH SIGNATURE-----\n", b"\n-----END SSH SIGNATURE-----\n"
SPOILT = {
    "empty": b"",
    "no end": BEGIN + b"U1NI",
    "huge length": BEGIN + b"U1NIU0lHAAAAAf////8=" + END,
    "no base64": BEGIN + b"\xff\xfe" + END,
    "minisign short": b"untrusted comment: x\nRWQ=\n",
    "minisign lines": b"untrusted comment: x\n" + b"\n" * 100_000,
    "noise": bytes(range(256)) * 10,
    "pgp without end": b"-----BEGIN PGP SIGNATURE-----\n\nwn",
    "pgp of nothing": b"\xc2\xff\xff\xff\xff\xff",
    "pgp of a key": (VECTORS / "pgp-good.pub.asc")
    .read_bytes()
    .replace(b"PUBLIC KEY BLOCK", b"SIGNATURE"),
    "many packets": b"\xc2\x00" * 50_000,
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_no_signature_is_a_verdict(name: str, drop: Path) -> None:
    lay(drop, "ssh-ed25519.sig", SPOILT[name])
    unknown = "INDETERMINATE UNKNOWN_PROFILE"  # what begins as no form that is known may be one
    assert words(verdict_on(drop, str(VECTORS / "ssh-ed25519.pub"))) == (
        "INDETERMINATE NOT_RECOMPUTABLE",
        unknown if name in {"empty", "noise"} else "FAILED FORMAT_FAILURE",
        "INDETERMINATE NO_ANCHOR",
    )


@pytest.mark.parametrize("suffix", ["minisig", "sshsig", "tlog-proof"])
def test_what_is_called_one_form_and_is_not_is_damage(suffix: str, drop: Path) -> None:
    (drop / f"model-card.txt.{suffix}").write_bytes(b"noise")
    assert words(verdict_on(drop))[1] == "FAILED FORMAT_FAILURE"


@pytest.mark.parametrize("line", [
    "ann cert-authority {key}", 'ann frobnicate="x" {key}', "sk-ssh-ed25519@openssh.com AAAA",
    'ann valid-after="2026" {key}', "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIA==",
])  # fmt: skip
def test_trust_that_means_more_than_is_known_here_is_refused(
    line: str, drop: Path, tmp_path: Path
) -> None:
    allowed = tmp_path / "allowed"
    allowed.write_text(line.format(key=(VECTORS / "ssh-ed25519.pub").read_text()))
    with pytest.raises(SourceError):
        checked(drop, str(allowed))


@pytest.mark.parametrize("name", VECTOR_KEYS)
def test_the_commands_print_what_they_say(name: str, drop: Path) -> None:
    lay(drop, name)
    verdict = verdict_on(drop, str(VECTORS / VECTOR_KEYS[name]))
    step = verdict.steps[1]
    assert step.prints
    run = subprocess.run(
        ["bash", "-c", step.recipe], cwd=drop.parent, capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == step.prints


def subject_of(root: Path, name: str, file: bytes, signature: bytes) -> Subject:
    (root / "f").write_bytes(file)
    (root / name).write_bytes(signature)
    over, beside = (found_again(n, root, (n,)) for n in ("f", name))
    return Subject("f", None, "file", (over,), detached=((beside, over),))


@pytest.mark.parametrize("name", VECTOR_KEYS)
def test_no_flipped_byte_of_file_or_signature_stays_green(name: str, tmp_path: Path) -> None:
    """Bytes all over both files; what nothing protects is named here."""
    file, signature = FILE.read_bytes(), (VECTORS / name).read_bytes()
    bench = Bench(load_trust([str(VECTORS / VECTOR_KEYS[name])], at=AT))
    assert words(judge(subject_of(tmp_path, name, file, signature), bench)) == GREEN
    green = []
    for at in range(0, len(signature), 1 + len(signature) // 40):
        mask = 1 << at % 7
        changed = signature[:at] + bytes([signature[at] ^ mask]) + signature[at + 1 :]
        if words(judge(subject_of(tmp_path, name, file, changed), bench))[1] == "PASSED":
            green.append(at)
    assert not [at for at in green if not is_unprotected(signature, at)]
    for at in range(0, len(file), 11):
        changed = file[:at] + bytes([file[at] ^ 1 << at % 8]) + file[at + 1 :]
        assert words(judge(subject_of(tmp_path, name, changed, signature), bench))[0] == ALTERED


def is_unprotected(signature: bytes, at: int) -> bool:
    """Tell whether a byte is in a comment, in armour, or in a field that nothing signs."""
    if signature.startswith(b"-----BEGIN PGP"):
        changed = signature[:at] + bytes([signature[at] ^ 1 << at % 7]) + signature[at + 1 :]
        return signed_part(changed) == signed_part(signature)
    if not signature.startswith((b"-----", b"untrusted")):
        return signed_part(signature[:at] + b"?" + signature[at + 1 :]) == signed_part(signature)
    return signature.startswith(b"untrusted comment: ") and 19 <= at < signature.index(b"\n")


def signed_part(signature: bytes) -> list[tuple[bytes | None, str, bytes]]:
    """Return what of an OpenPGP signature is hashed, and the numbers of the signature itself."""
    found = read_signatures(signature)
    return [(one.trailer, one.hash, bytes(one.data)[-64:]) for one in found]


AT_RISK = {
    "pgp-expired": "INDETERMINATE OUT_OF_BOUNDS_NO_POE",
    "pgp-sub": "INDETERMINATE OUT_OF_BOUNDS_NO_POE",  # its subkey expired
    "pgp-revoked": "INDETERMINATE REVOKED_NO_POE",
}
BY_GOOD = {
    "pgp-sha1": "INDETERMINATE CRYPTO_CONSTRAINTS_FAILURE",
    "pgp-text": "INDETERMINATE SIG_CONSTRAINTS_FAILURE",
    "pgp-sigexp": "INDETERMINATE OUT_OF_BOUNDS_NO_POE",
}


@pytest.mark.parametrize("name", AT_RISK | BY_GOOD)
def test_an_openpgp_key_or_signature_past_its_time_is_open(name: str, drop: Path) -> None:
    lay(drop, f"{name}.asc")
    key = VECTORS / (f"{name}.pub.asc" if name in AT_RISK else "pgp-good.pub.asc")
    assert words(verdict_on(drop, str(key)))[1] == (AT_RISK | BY_GOOD)[name]
    (drop / "model-card.txt").write_bytes(b"other")
    assert words(verdict_on(drop, str(key)))[:2] == (ALTERED, "FAILED SIG_CRYPTO_FAILURE")


@pytest.mark.parametrize("name", ["pgp-expired", "pgp-sub"])
def test_within_its_time_the_same_signature_counts(name: str, drop: Path) -> None:
    lay(drop, f"{name}.asc")
    trust = load_trust([str(VECTORS / f"{name}.pub.asc")], at=datetime(2026, 1, 15, tzinfo=UTC))
    over, beside = (found_again(n, drop, (n,)) for n in ("model-card.txt", "model-card.txt.asc"))
    subject = Subject("model-card.txt", None, "file", (over,), detached=((beside, over),))
    assert words(judge(subject, Bench(trust))) == GREEN


def test_a_signature_of_the_future_does_not_count_yet(drop: Path) -> None:
    lay(drop, "pgp-good.asc")
    trust = load_trust([str(VECTORS / "pgp-good.pub.asc")], at=datetime(2026, 1, 1, tzinfo=UTC))
    over, beside = (found_again(n, drop, (n,)) for n in ("model-card.txt", "model-card.txt.asc"))
    subject = Subject("model-card.txt", None, "file", (over,), detached=((beside, over),))
    assert words(judge(subject, Bench(trust)))[1] == "INDETERMINATE NOT_YET_VALID"


def test_a_weak_openpgp_key_is_refused_as_trust() -> None:
    with pytest.raises(SourceError):
        load_trust([str(VECTORS / "pgp-weak.pub.asc")], at=AT)


def test_several_signatures_in_one_file_are_judged_each(drop: Path) -> None:
    names = ("pgp-good.asc", "pgp-rsa.asc")
    packets = [one.data for n in names for one in read_signatures((VECTORS / n).read_bytes())]
    lay(drop, "pgp-primary.sig", b"".join(packets))
    verdict = verdict_on(drop, *(str(VECTORS / OPENPGP[n]) for n in names))
    assert words(verdict) == GREEN
    assert [s.indication for s in verdict.signatures] == ["PASSED", "PASSED"]


def test_a_large_file_is_verified_where_it_lies(
    drop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.evidence.file.LIMITS", replace(LIMITS, document=10))
    lay(drop, "pgp-good.asc")
    trust = load_trust([str(VECTORS / "pgp-good.pub.asc")], at=AT)
    over, beside = (found_again(n, drop, (n,)) for n in ("model-card.txt", "model-card.txt.asc"))
    subject = Subject("model-card.txt", None, "file", (over,), detached=((beside, over),))
    assert words(judge(subject, Bench(trust))) == GREEN


@pytest.mark.parametrize("one", MINISIGN)
def test_a_trusted_comment_cannot_be_taken_into_another_signature(one: str, drop: Path) -> None:
    parts = [(VECTORS / name).read_bytes().split(b"\n") for name in MINISIGN]
    lay(drop, one, b"\n".join(parts[0][:2] + parts[1][2:]))
    assert words(verdict_on(drop, str(VECTORS / "minisign.pub")))[1] == "FAILED SIG_CRYPTO_FAILURE"


def packet(tag: int, body: bytes) -> bytes:
    """Return an OpenPGP packet in the present format."""
    return bytes([0xC0 | tag, 0xFF]) + len(body).to_bytes(4) + body


def compressed(data: bytes) -> bytes:
    return packet(8, b"\2" + zlib.compress(data, 9))


GOOD_PGP = (VECTORS / "pgp-primary.sig").read_bytes()
NO_SIGNATURES = {
    "a bomb": compressed(packet(11, b"b\0" + bytes(4 + 300 * 1024**2))),
    "a bomb behind a signature": GOOD_PGP + compressed(packet(11, b"b\0" + bytes(10**6))),
    "a signature in compressed data": compressed(GOOD_PGP),
    "data in parts": GOOD_PGP + b"\xcb\xe1ab\x00",
    "a length beyond the end": GOOD_PGP + b"\xc2\xff\xff\xff\xff\xff",
    "a length cut off": GOOD_PGP + b"\xc2",
    "to the end": GOOD_PGP + b"\x8b" + bytes(50),
    "packets without end": b"\xca\0" * 20_000,
}


@pytest.mark.parametrize("case", NO_SIGNATURES)
def test_what_is_no_openpgp_signature_alone_is_not_opened(case: str) -> None:
    armoured = (
        b"-----BEGIN PGP SIGNATURE-----\n\n"
        + base64.encodebytes(NO_SIGNATURES[case])
        + b"-----END PGP SIGNATURE-----\n"
    )
    with seconds(5):
        assert read_signatures(NO_SIGNATURES[case]) == ()
        assert read_signatures(armoured) == ()


def test_signatures_in_armour_are_those_without_it() -> None:
    armoured = (
        b"-----BEGIN PGP SIGNATURE-----\nComment: x\n\n"
        + base64.encodebytes(GOOD_PGP)
        + b"=abcd\n-----END PGP SIGNATURE-----\n"
    )
    [one], [other] = read_signatures(GOOD_PGP), read_signatures(armoured)
    assert one == other
    assert len(read_signatures(GOOD_PGP * 2)) == 2
