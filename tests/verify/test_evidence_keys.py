"""A trusted key that lies in the evidence is found in whatever form it is written."""

import base64
import hashlib
import json
import random
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from tests.verify import oms_builder as oms
from tests.verify.certificates import authority, issue, name_of
from tests.verify.oms_case import INTERMEDIATE, LEAF, ROOT, SIGNER
from workbench.errors import Cancelled, SourceError
from workbench.evidence.file import EvidenceFile
from workbench.evidence.subject import Subject
from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Trust, TrustAnchor
from workbench.sign.head import vkey
from workbench.verify import evidence_keys
from workbench.verify.evidence_keys import key_search
from workbench.verify.keys.forms import KeyForms, forms_of
from workbench.verify.keys.public import keys_in
from workbench.verify.keys.search import Search, sought
from workbench.verify.keys_found import KeysInEvidence
from workbench.verify.listing import listing_digest
from workbench.verify.oms.hashing import WHOLE, FileDigests, Recipe, hash_files
from workbench.verify.verifier import Bench

Private = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

KEYS: dict[str, Private] = {
    "Ed25519": Ed25519PrivateKey.from_private_bytes(bytes(range(32))),
    "P-256": oms.key("evidence"),
    "P-384": oms.key("evidence", ec.SECP384R1()),
    "P-521": oms.key("evidence", ec.SECP521R1()),
    "RSA": rsa.generate_private_key(65537, 2048),
}
NOISE = random.Random("noise").randbytes


def der(key: Private) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def pem(key: Private) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def raw(key: Private) -> bytes:
    """Return the bytes that every format has in common."""
    public = key.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    if isinstance(public, rsa.RSAPublicKey):
        return public.public_numbers().n.to_bytes(256)
    return public.public_bytes_raw()


def point(key: Private) -> bytes:
    public = key.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        return public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return raw(key)


def ssh(key: Private) -> bytes:
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return b"# allowed signers\nalice@example.org " + line + b" comment\n"


def url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk(key: Private) -> bytes:
    data = raw(key)
    if isinstance(key, rsa.RSAPrivateKey):
        members = {"kty": "RSA", "n": url(data), "e": "AQAB"}
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        half = len(data) // 2
        members = {"kty": "EC", "crv": "P-256", "x": url(data[:half]), "y": url(data[half:])}
    else:
        members = {"kty": "OKP", "crv": "Ed25519", "x": url(data)}
    return json.dumps({"keys": [{"use": "sig", **members}]}, indent=1).encode()


def certificate(key: Private) -> x509.Certificate:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name_of("Who"))
        .issuer_name(name_of("Who"))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now.replace(year=2030))
        .sign(key, None if isinstance(key, Ed25519PrivateKey) else hashes.SHA256())
    )


def private_pem(key: Private) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def private_der(key: Private) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def lines(data: bytes, width: int) -> bytes:
    text = base64.b64encode(data)
    return b"\n".join(text[at : at + width] for at in range(0, len(text), width))


def in_json(text: bytes, **more: str) -> bytes:
    written = json.dumps({"key": {"pem": text.decode()}})
    for plain, escaped in more.items():
        written = written.replace({"slash": "/", "plus": "+"}[plain], escaped)
    return written.encode()


def among(data: bytes) -> bytes:
    """Return text among bytes that are none."""
    return NOISE(5000) + data + NOISE(5000)


FORMS: dict[str, Callable[[Private], bytes]] = {
    "raw": lambda key: b"head" + raw(key) + b"tail",
    "DER": der,
    "DER in something": lambda key: b"x" * 5000 + der(key),
    "compressed point": point,
    "base64 of the raw key": lambda key: base64.b64encode(raw(key)),
    "base64 in a sentence": lambda key: b"The key is " + base64.b64encode(raw(key)) + b", yes.",
    "base64url": lambda key: url(raw(key)).encode(),
    "base64 of the DER": lambda key: base64.b64encode(der(key)),
    "lines of 76": lambda key: lines(der(key), 76),
    "lines of 20": lambda key: lines(raw(key), 20),
    "hex": lambda key: raw(key).hex().encode(),
    "HEX": lambda key: raw(key).hex().upper().encode(),
    "hex with colons": lambda key: raw(key).hex(":").encode(),
    "hex dump in lines": lambda key: raw(key).hex(" ", 2).replace(" 0", "\n0").encode(),
    "hex of the DER": lambda key: der(key).hex().encode(),
    "PEM": pem,
    "PEM, CR LF": lambda key: pem(key).replace(b"\n", b"\r\n"),
    "PEM, indented and quoted": lambda key: b"> " + pem(key).replace(b"\n", b"\n>   "),
    "PEM in JSON": lambda key: in_json(pem(key)),
    "PEM in JSON by PHP": lambda key: in_json(pem(key), slash="\\/"),
    "PEM in JSON by .NET": lambda key: in_json(pem(key), plus="\\u002B"),
    "PEM in JSON in JSON": lambda key: in_json(in_json(pem(key))),
    "PEM as a list of lines": lambda key: json.dumps(pem(key).decode().split("\n")).encode(),
    "PEM in UTF-16": lambda key: pem(key).decode().encode("utf-16"),
    "base64 of PEM": lambda key: base64.b64encode(pem(key)),
    "base64 of PEM in JSON": lambda key: base64.b64encode(b'{"a": 1, ' + in_json(pem(key))),
    "an SSH line": ssh,
    "JWK": jwk,
    "a certificate": lambda key: certificate(key).public_bytes(Encoding.DER),
    "a PEM certificate": lambda key: certificate(key).public_bytes(Encoding.PEM),
    "a certificate in JSON": lambda key: in_json(certificate(key).public_bytes(Encoding.PEM)),
    "PEM in JSON, letters escaped": lambda key: in_json(pem(key)).replace(b"i", b"\\u0069"),
    "base64 in JSON, letters escaped": lambda key: (
        b'{"k": "' + base64.b64encode(raw(key)).replace(b"A", b"\\u0041") + b'"}'
    ),
    "the private half": private_pem,
    "the private half in DER": private_der,
    "the private half in DER as base64": lambda key: b"key: " + base64.b64encode(private_der(key)),
    "the private half in JSON": lambda key: in_json(private_pem(key)),
    "the private half in JSON, escaped": lambda key: in_json(private_pem(key)).replace(
        b"-", b"\\u002d"
    ),
    "the private half in UTF-16": lambda key: private_pem(key).decode().encode("utf-16"),
    "the private half as base64 of PEM": lambda key: (
        b"data:\n  key: " + base64.b64encode(private_pem(key)) + b"\n  other: eA==\n"
    ),
    "the private half, quoted": lambda key: b"> " + private_pem(key).replace(b"\n", b"\n> "),
    "base64 among bytes": lambda key: among(base64.b64encode(raw(key))),
    "base64url among bytes": lambda key: among(url(raw(key)).encode()),
    "hex among bytes": lambda key: among(raw(key).hex().encode()),
    "JSON among bytes": lambda key: among(jwk(key)),
}


def anchor_of(key: Private) -> TrustAnchor:
    ((kind, print_, data),) = keys_in(der(key))
    return TrustAnchor("k", kind, None, print_, print_, data)


def searched(
    files: Iterable[EvidenceFile], *anchors: TrustAnchor, signatures: Iterable[EvidenceFile] = ()
) -> KeysInEvidence:
    with key_search(anchors, progress=Silent(), cancel=Cancel()) as search:
        return search.keys(tuple(files), signatures=tuple(signatures))


def put(tmp_path: Path, data: bytes, name: str = "f") -> EvidenceFile:
    (tmp_path / name).write_bytes(data)
    return oms.evidence(tmp_path, tmp_path / name)


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_found_in_every_form(form: str, kind: str, tmp_path: Path) -> None:
    key = KEYS[kind]
    file = put(tmp_path, FORMS[form](key))
    assert searched([file], anchor_of(key)).places == {anchor_of(key).fingerprint: "drop/f"}


@pytest.mark.parametrize("form", FORMS)
def test_another_key_is_never_found(form: str, tmp_path: Path) -> None:
    file = put(tmp_path, FORMS[form](KEYS["P-256"]))
    others = [anchor_of(key) for kind, key in KEYS.items() if kind != "P-256"]
    assert searched([file], *others, anchor_of(SIGNER)).places == {}


def test_a_verifier_key_is_found_in_a_text(tmp_path: Path) -> None:
    key = KEYS["Ed25519"]
    assert isinstance(key, Ed25519PrivateKey)
    line = vkey("example.org/log", key.public_key())
    file = put(tmp_path, f"Our log signs with `{line}`.\n".encode())
    assert searched([file], anchor_of(key)).places


def test_a_damaged_private_key_is_passed_over(tmp_path: Path) -> None:
    text = private_pem(KEYS["P-256"])
    odd = text[:60] + base64.b64encode(text[:50]) + b"=\nMIGH" + b"A" * 60 + b"\n-----BEGIN "
    assert searched([put(tmp_path, odd)], anchor_of(KEYS["P-256"])).places == {}


def test_a_fingerprint_is_not_a_key(tmp_path: Path) -> None:
    anchor = anchor_of(KEYS["P-256"])
    file = put(tmp_path, f"SHA256:{anchor.fingerprint}".encode())
    assert searched([file], anchor).places == {}


def test_what_a_root_issued_is_not_the_root(tmp_path: Path) -> None:
    root = issue(authority("Root"))
    leaf = issue(authority("Below"), root)
    assert searched([put(tmp_path, leaf.pem)], root.anchor()).places == {}
    assert searched([put(tmp_path, root.pem)], root.anchor()).places


def test_of_several_places_the_first_is_named(tmp_path: Path) -> None:
    anchor = anchor_of(KEYS["P-256"])
    files = [put(tmp_path, pem(KEYS["P-256"]), name) for name in ("a", "b")]
    assert searched(files, anchor).places == {anchor.fingerprint: "drop/a"}


@pytest.mark.parametrize("kind", ["Ed25519", "P-384"])
@pytest.mark.parametrize(
    "form", ["raw", "base64url", "hex", "PEM in JSON", "lines of 20", "PEM in JSON by .NET"]
)
def test_a_key_across_the_border_of_blocks_is_found(form: str, kind: str) -> None:
    data, keys = FORMS[form](KEYS[kind]), sought([forms_of(KEYS[kind].public_key())])
    for size in (1, 7, 64, len(data) // 2):
        blocks = [data[at : at + size] for at in range(0, len(data), size)]
        assert Search(keys).through(blocks).keys == {0}, size


@pytest.mark.parametrize("sparing", [False, True])
def test_a_key_across_the_border_of_text_and_other_bytes_is_found(sparing: bool) -> None:
    key = KEYS["Ed25519"]
    text, noise = base64.b64encode(raw(key)), NOISE(4096)
    for cut in range(1, len(text), 3):
        blocks = [noise + text[:cut], text[cut:] + b" " * 8000]
        assert Search(sought([forms_of(key.public_key())]), sparing=sparing).through(
            blocks
        ).keys == {0}
        if not sparing:
            blocks = [b" " * 8000 + text[:cut], text[cut:] + noise]
            assert Search(sought([forms_of(key.public_key())])).through(blocks).keys == {0}


@pytest.mark.parametrize(
    ("form", "found"), [("raw", True), ("DER", True), ("base64 of the raw key", False)]
)
def test_in_large_files_what_is_no_text_is_searched_for_raw_keys_and_that_is_said(
    form: str, found: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_keys, "SPARING", 20_000)
    monkeypatch.setattr(evidence_keys, "BLOCK", 1 << 14)
    anchor = anchor_of(KEYS["Ed25519"])
    data = NOISE(30_000) + FORMS[form](KEYS["Ed25519"]) + NOISE(30_000)
    result = searched([put(tmp_path, data)], anchor)
    assert (bool(result.places), result.thinned) == (found, ("drop/f",))
    text = b"plain text \n" * 5000 + base64.b64encode(raw(KEYS["Ed25519"]))
    result = searched([put(tmp_path, text, "log.jsonl")], anchor)
    assert (bool(result.places), result.thinned) == (True, ())


def test_the_chain_of_a_signature_is_not_a_key_in_the_evidence(tmp_path: Path) -> None:
    model = oms.signed_by_certificate(LEAF, INTERMEDIATE, ROOT)
    proof = put(tmp_path, model.signature, "model.sig")
    anchors = [oms.certificate_anchor(ca) for ca in (LEAF, INTERMEDIATE, ROOT)]
    assert searched([proof], *anchors, signatures=[proof]).places == {}
    # The same file lying about as anything but a signature is where somebody may have taken it.
    assert len(searched([proof], *anchors).places) == 3


def test_a_key_beside_the_chain_is_found_in_a_signature(tmp_path: Path) -> None:
    document = json.loads(oms.signed_by_certificate(LEAF, INTERMEDIATE, ROOT).signature)
    document["note"] = base64.b64encode(oms.spki(ROOT.private)).decode()
    proof = put(tmp_path, oms.to_bytes(document), "model.sig")
    assert searched([proof], oms.certificate_anchor(ROOT), signatures=[proof]).places


def test_a_key_in_the_signed_payload_is_found(tmp_path: Path) -> None:
    said = oms.statement(oms.FILES, name=url(raw(KEYS["P-256"])))
    proof = put(tmp_path, oms.signed_by_key(SIGNER, said=said).signature, "model.sig")
    assert searched([proof], anchor_of(KEYS["P-256"]), signatures=[proof]).places


def test_an_unreadable_file_ends_no_search(tmp_path: Path) -> None:
    gone, found = put(tmp_path, b"x", "gone"), put(tmp_path, pem(KEYS["P-256"]), "key")
    (tmp_path / "gone").unlink()
    assert searched([gone, found], anchor_of(KEYS["P-256"])).places


class Told:
    """A progress that keeps what it was told."""

    def __init__(self) -> None:
        self.steps: list[tuple[int, int | None]] = []

    def advance(self, done: int, total: int | None, what: str) -> None:
        self.steps.append((done, total))


def test_the_search_tells_how_far_it_is_and_stops_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_keys, "BLOCK", 100)
    files, told = [put(tmp_path, b"a" * 250, "a"), put(tmp_path, b"b" * 50, "b")], Told()
    anchors = [anchor_of(KEYS["P-256"])]
    with key_search(anchors, progress=told, cancel=Cancel()) as search:
        search.keys(files)
    assert told.steps == [(100, 300), (200, 300), (250, 300), (300, 300)]
    stop = Cancel()
    stop.set()
    with key_search(anchors, progress=told, cancel=stop) as search, pytest.raises(Cancelled):
        search.keys(files)


def test_files_are_hashed_on_the_way_where_that_is_wanted(tmp_path: Path) -> None:
    files = [put(tmp_path, NOISE(3_000_000), "a"), put(tmp_path, b"b" * 50, "b")]
    anchors = [anchor_of(KEYS["P-256"])]
    digests: dict[tuple[EvidenceFile, str], bytes] = {}
    for hashed in ([], files[:1], files):
        with key_search(anchors, progress=Silent(), cancel=Cancel()) as search:
            found = search.keys(files, hashed=hashed)
        digests = found.digests
        assert {file for file, _ in digests} == set(hashed)
    for file in files:
        expected = hashlib.sha256((tmp_path / file.name).read_bytes()).digest()
        assert digests[file, "sha256"] == expected


def test_what_was_hashed_on_the_way_is_read_no_more_but_must_be_the_same_file(
    tmp_path: Path,
) -> None:
    file = put(tmp_path, b"weights")
    known = Bench(
        Trust(datetime(2026, 6, 30, tzinfo=UTC)), digests={(file, "sha256"): b"\x01" * 32}
    )
    assert hash_files([file], [], known)[file] == FileDigests({WHOLE: ("01" * 32,)})
    shards = hash_files([file], [Recipe("sha256", 4)], known)[file]
    assert isinstance(shards, FileDigests)
    assert shards.sha256 == hashlib.sha256(b"weights").hexdigest(), "it is read for its shards"
    subject = Subject("f", None, "table", (file,))
    assert listing_digest(subject, known) == "01" * 32
    (tmp_path / "f").write_bytes(b"other weights")
    assert isinstance(hash_files([file], [], known)[file], SourceError)
    with pytest.raises(SourceError, match="changed while it was read"):
        listing_digest(subject, known)


def test_what_was_begun_early_is_found_and_hashed_like_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_keys, "SPARING", 20_000)
    monkeypatch.setattr(evidence_keys, "BLOCK", 7_000)
    key = KEYS["Ed25519"]
    weights = put(tmp_path, NOISE(30_000) + raw(key) + NOISE(30_000), "weights")
    text = put(tmp_path, b"a line of text\n" * 3000 + raw(key), "text")
    small = put(tmp_path, NOISE(100), "small")
    files, found = (weights, text, small), []
    for early in ((), files):
        with key_search([anchor_of(key)], progress=Silent(), cancel=Cancel()) as search:
            search.begin(early)
            found.append(search.keys(files))
    late, begun = found
    assert begun.places == late.places
    assert begun.thinned == late.thinned == ("drop/weights",)
    assert late.digests == {}
    digest = hashlib.sha256((tmp_path / "weights").read_bytes()).digest()
    assert begun.digests == {(weights, "sha256"): digest}  # text waits for what it turns out to be


def test_the_early_search_tells_all_bytes_and_stops_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_keys, "SPARING", 20_000)
    files, told = [put(tmp_path, NOISE(30_000), "a"), put(tmp_path, b"b" * 10_000, "b")], Told()
    anchors = [anchor_of(KEYS["P-256"])]
    with key_search(anchors, progress=told, cancel=Cancel()) as search:
        search.begin(files)
        search.keys(files)
    assert {total for _, total in told.steps} == {40_000}
    assert told.steps[-1] == (40_000, 40_000)
    stop = Cancel()
    with key_search(anchors, progress=Silent(), cancel=stop) as search:
        stop.set()
        search.begin(files)
        with pytest.raises(Cancelled):
            search.keys(files)


def test_a_file_that_changed_since_is_left_to_whoever_judges_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_keys, "SPARING", 20_000)
    key = KEYS["Ed25519"]
    file = put(tmp_path, NOISE(30_000), "a")
    (tmp_path / "a").write_bytes(NOISE(30_000) + raw(key))
    with key_search([anchor_of(key)], progress=Silent(), cancel=Cancel()) as search:
        search.begin([file])
        found = search.keys([file])
    assert (found.places, found.digests) == ({}, {})


def test_threads_take_turns_as_usual_once_the_search_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_keys, "SPARING", 20_000)
    usual, file = sys.getswitchinterval(), put(tmp_path, NOISE(30_000), "a")
    anchors = [anchor_of(KEYS["P-256"])]
    sys.setswitchinterval(10 * usual)  # a host may have its own
    try:
        host, threads = sys.getswitchinterval(), threading.active_count()
        with key_search(anchors, progress=Silent(), cancel=Cancel()) as search:
            search.begin([file])
            assert sys.getswitchinterval() < usual
            with key_search(anchors, progress=Silent(), cancel=Cancel()) as other:
                other.begin([file])
                other.keys([file])
            assert sys.getswitchinterval() < usual
            search.keys([file])
            assert sys.getswitchinterval() == pytest.approx(host, abs=1e-5)
            assert threading.active_count() <= threads  # who judges a large log forks its workers
        assert sys.getswitchinterval() == pytest.approx(host, abs=1e-5)
    finally:
        sys.setswitchinterval(usual)


def test_a_large_signature_is_searched_like_any_large_file_early_or_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_keys, "SPARING", 20_000)
    key = KEYS["Ed25519"]
    files = [put(tmp_path, NOISE(30_000 - n) + raw(key), f"s{n}") for n in range(9)]
    for early in ((), files):
        with key_search([anchor_of(key)], progress=Silent(), cancel=Cancel()) as search:
            search.begin(early)
            assert search.keys(files, signatures=files).places


@pytest.mark.parametrize("cut", [1, 255, 256, 257, 3000, 5900, 5999])
def test_a_form_longer_than_most_is_found_over_the_edge_of_a_block(cut: int) -> None:
    raw = random.Random(cut).randbytes(6000)
    search = Search(sought([KeyForms(raw, ())]), sparing=True)
    blocks = [b"\xff" * 300_000 + raw[:cut], raw[cut:] + b"\xff" * 300]
    assert search.through(blocks).keys == {0}
    assert not Search(sought([KeyForms(raw, ())])).through([raw[:cut], raw[cut + 1 :]]).keys
