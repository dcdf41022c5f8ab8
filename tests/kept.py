"""A case, its evidence, and what acts of signing are done with: to hold against what they were."""

from pathlib import Path

import signing
from builders import LogBuilder
from casework import added, new_case, written
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from workbench.model.progress import Cancel, Silent
from workbench.model.trust import Trust
from workbench.services import cases, sealing
from workbench.sign.keys import SigningKey, new_ed25519, private_pem

NEVER = "never written to"


def laid_out(folder: Path) -> Path:
    """Lay out a case with a folder and a sealed folder as evidence, and files to work with."""
    written(folder, "outer/drop/sub/log.jsonl", LogBuilder("workbench", 3).data())
    written(folder, "export/log.jsonl", LogBuilder("workbench", 2).data())
    written(folder, "sealed/a.txt", b"a")
    written(folder, "r.pdf", signing.certified(room=True))
    written(folder, "k.pem", private_pem(new_ed25519()))
    rita, root = signing.team().rita, signing.team().root.certificate
    assert root is not None
    written(folder, "root.pem", root.public_bytes(Encoding.PEM))
    own = rita.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = (c.public_bytes(Encoding.PEM) for c in (rita.certificate, *rita.chain) if c)
    written(folder, "rita.pem", own + b"".join(chain))
    asked = sealing.Asked(
        SigningKey(new_ed25519()), signing.NOW, "example.com", Trust(signing.NOW), in_place=True
    )
    sealed = folder / "sealed"
    made = sealing.seal(sealed, sealed, asked, progress=Silent(), cancel=Cancel())
    written(folder, "a.tsr", signing.answered(folder, made.query))
    with new_case(folder) as case:
        added(case, folder / "outer" / "drop")
        added(case, sealed)
        written(case.folder, "reports/report.pdf", signing.certified())
        cases.back_up(case, folder / "b.zip", cancel=Cancel())
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder but those that any case writes while it is open."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    own = ("case.sqlite", "writer.lock", "journal.head")
    return {str(path): path.read_bytes() for path in found if not path.name.startswith(own)}
