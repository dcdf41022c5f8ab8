"""Write the vectors of signatures beside files, bags, tiled logs and Pangea exports.

They go to resources/selftest. What deterministic keys can make is made anew, the same to the byte
each time, by the builders of the tests; signatures of OpenSSH, minisign and GnuPG are those that
these tools made once, and that lie among the tests.
"""

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT))

from tests.builders import KEY as LOG_KEY  # noqa: E402
from tests.builders import LogBuilder  # noqa: E402
from tests.verify.bagit.test_bagit import packed  # noqa: E402
from tests.verify.pangea.test_pangea import export  # noqa: E402
from tests.verify.tlog import builder as tl  # noqa: E402
from workbench.model.progress import Cancel, Silent  # noqa: E402
from workbench.model.trust import Trust  # noqa: E402
from workbench.services.sealing import Asked, seal  # noqa: E402
from workbench.sign.keys import SigningKey, public_key_pem  # noqa: E402

OUTPUT = CHECKOUT / "resources" / "selftest"
MADE = CHECKOUT / "tests" / "verify" / "detached" / "vectors"
GREEN = ("PASSED ANCHORED", "PASSED", "PASSED ANCHORED", "INDETERMINATE NO_TRUSTED_TIME")
OPEN = ("INDETERMINATE NO_SIGNATURE", "INDETERMINATE NO_ANCHOR", "INDETERMINATE NO_TRUSTED_TIME")
Verdict = tuple[str, str, str, str]
Files = dict[str, bytes]


def write(
    name: str,
    title: str,
    drop: Files,
    verdict: Verdict,
    *,
    subject: str = ".",
    trust: dict[str, tuple[str, bytes]] | None = None,
    diagnoses: tuple[tuple[str, int | str], ...] = (),
) -> None:
    """Write one vector; ``trust`` gives role and bytes of each key file by its name."""
    folder = OUTPUT / name
    shutil.rmtree(folder, ignore_errors=True)
    tl.lay(folder / "drop", drop)
    keys = trust or {}
    tl.lay(folder, {f"trust/{file}": data for file, (_, data) in keys.items()})
    dimensions = ("integrity", "authenticity", "completeness", "time")
    known = {
        "title": title,
        "subject": subject,
        "trust": [f"{role}=trust/{file}" for file, (role, _) in keys.items()],
        **dict(zip(dimensions, verdict, strict=True)),
        "diagnoses": [list(one) for one in diagnoses],
    }
    (folder / "expected.json").write_text(json.dumps(known, indent=1) + "\n", "utf-8")


def signatures() -> None:
    """Write a file with each form of signature, and altered after it was signed."""
    file = (MADE / "model-card.txt").read_bytes()
    forms = {
        "ssh": ("ssh-ed25519.sig", "ssh-ed25519.pub", "ssh-keygen -Y sign"),
        "minisign": ("minisign-hashed.minisig", "minisign.pub", "minisign"),
        "openpgp": ("pgp-good.asc", "pgp-good.pub.asc", "GnuPG, by a subkey"),
    }
    for form, (signature, key, tool) in forms.items():
        name = f"model-card.txt{Path(signature).suffix}"
        beside = {"model-card.txt": file, name: (MADE / signature).read_bytes()}
        trust = {key: ("log", (MADE / key).read_bytes())}
        title = f"a file signed by {tool}"
        about = "model-card.txt"
        write(f"signature/{form}-intact", title, beside, GREEN, subject=about, trust=trust)
        write(
            f"signature/{form}-altered",
            f"{title}, and altered afterwards",
            beside | {"model-card.txt": file.replace(b"0.93", b"0.99")},
            ("FAILED FILE_ALTERED", "FAILED SIG_CRYPTO_FAILURE", *OPEN[1:]),
            subject=about,
            trust=trust,
            diagnoses=(("FILE_ALTERED", f"drop/{about}"),),
        )
    revoked = {
        "model-card.txt": file,
        "model-card.txt.asc": (MADE / "pgp-revoked.asc").read_bytes(),
    }
    write(
        "signature/openpgp-revoked",
        "a file signed by an OpenPGP key that is revoked",
        revoked,
        ("INDETERMINATE NOT_RECOMPUTABLE", "INDETERMINATE REVOKED_NO_POE", *OPEN[1:]),
        subject="model-card.txt",
        trust={"revoked.asc": ("log", (MADE / "pgp-revoked.pub.asc").read_bytes())},
    )


def bags() -> None:
    """Write a bag, and one of which a file was altered and another one added."""
    bag = packed()
    write("bagit/intact", "a bag of version 1.0", bag, ("PASSED SELF_CONSISTENT", *OPEN))
    write(
        "bagit/altered",
        "a bag of which one file was altered and another one added",
        bag | {"data/empty": b"no more", "data/more": b"x"},
        ("FAILED FILE_ALTERED", OPEN[0], "FAILED FILE_ADDED", OPEN[2]),
        diagnoses=(("FILE_ALTERED", "data/empty"), ("FILE_ADDED", "data/more")),
    )


def seals() -> None:
    """Write a sealed folder with a log in it, and one of which a file was altered."""
    with TemporaryDirectory() as place:
        files = _sealed(Path(place))
    key = SigningKey(LOG_KEY)
    trust = {"seal.pem": ("attestation", public_key_pem(key))}
    write("seal/intact", "a sealed folder", files, GREEN, trust=trust)
    write(
        "seal/altered",
        "a sealed folder of which one file was altered",
        files | {"bagit.txt": files["bagit.txt"] + b"\n"},
        ("FAILED FILE_ALTERED", "PASSED", "PASSED ANCHORED", OPEN[2]),
        trust=trust,
        diagnoses=(("FILE_ALTERED", "bagit.txt"),),
    )
    spelled = files["seal.dsse.json"].replace(b'","payloadType"', b'", "payloadType"')
    write(
        "seal/respelled",
        "a sealed folder whose seal was written anew: its signature verifies, its bytes are others",
        files | {"seal.dsse.json": spelled},
        ("FAILED FORMAT_FAILURE", "PASSED", "PASSED ANCHORED", OPEN[2]),
        trust=trust,
    )


def _sealed(place: Path) -> Files:
    tl.lay(
        place / "evidence", {"note.txt": b"a note", "log.jsonl": LogBuilder("workbench", 3).data()}
    )
    at = datetime(2026, 7, 1, tzinfo=UTC)
    asked = Asked(key=SigningKey(LOG_KEY), at=at, origin="example.org", trust=Trust(at=at))
    seal(place / "evidence", place / "sealed", asked, progress=Silent(), cancel=Cancel())
    found = (path for path in (place / "sealed").rglob("*") if path.is_file())
    return {path.relative_to(place / "sealed").as_posix(): path.read_bytes() for path in found}


def tiled_logs() -> None:
    """Write a witnessed log, one with another entry, and one that was shown in two forms."""
    records = tl.RECORDS[:300]
    trust = {
        "log.vkey": ("log", tl.vkey(tl.ORIGIN, tl.LOG).encode()),
        "witness.vkey": (
            "witness",
            tl.vkey("witness0.example", tl.WITNESSES["witness0.example"], 4).encode(),
        ),
    }
    head = tl.checkpoint(records, witnesses=["witness0.example"])
    log = tl.tiles(records) | {"checkpoint": head}
    witnessed = (*GREEN[:3], "PASSED witness0.example")
    write("tlog/witnessed", "a tiled log with a witness", log, witnessed, trust=trust)
    entry = log["tile/entries/000"].replace(b'"m7"', b'"m8"')
    write(
        "tlog/entry-altered",
        "a tiled log of which one entry was altered",
        log | {"tile/entries/000": entry},
        ("FAILED RECORD_ALTERED", *witnessed[1:]),
        trust=trust,
        diagnoses=(("RECORD_ALTERED", 8),),
    )
    other = tl.checkpoint([*records[:299], b"what others were shown"])
    write(
        "tlog/forked",
        "a tiled log with another head of its size, signed by the same key",
        log | {"checkpoint.299": tl.checkpoint(records[:299]), "shown-to-others.checkpoint": other},
        ("FAILED FORK", "FAILED FORK", *witnessed[2:]),
        trust=trust,
        diagnoses=(("FORK", 300),),
    )


def pangea() -> None:
    """Write an export of events, and one of which an event and its hash were altered."""
    made = export(5)
    whole = {"events.json": json.dumps(made).encode()}
    verdict = ("PASSED SELF_CONSISTENT", "INDETERMINATE NO_TRUST_ANCHOR", *OPEN[1:])
    write("pangea/intact", "events with their proofs", whole, verdict, subject="events.json")
    made["result"]["events"][2]["envelope"]["event"]["actor"] = "bob"
    write(
        "pangea/event-altered",
        "events of which one was altered",
        {"events.json": json.dumps(made).encode()},
        ("FAILED RECORD_ALTERED", *verdict[1:]),
        subject="events.json",
        diagnoses=(("RECORD_ALTERED", 3),),
    )


if __name__ == "__main__":
    signatures()
    bags()
    seals()
    tiled_logs()
    pangea()
