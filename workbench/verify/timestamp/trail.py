"""The proof trail of a time stamp, and the commands that judge it by hand."""

import hashlib

from workbench.evidence.subject import Stamp
from workbench.model.trust import AnchorKind, Trust
from workbench.model.verdict import Indication, Step
from workbench.verify.by_hand import because, command, file_at, hashed, write
from workbench.verify.timestamp.judge import JudgedToken

CLAUSE = "RFC 3161 2.2 and 2.4.2; RFC 5816 2.2.1; RFC 5280 6.1"


def step_of(stamp: Stamp, judged: JudgedToken, trust: Trust) -> Step:
    """Return the step from a token to the time that it proves, or to what it lacks."""
    what = "in its response" if judged.token is None or not judged.token.bare else "bare"
    over = f"{'' if stamp.signature is None else 'the signature in '}{stamp.over.display}"
    did = (
        f"Judge the time stamp {stamp.token.display} ({what}) over {over}: imprint, "
        f"signature, certificate, path at its own time, algorithms for {trust.at:%Y-%m-%d}."
    )
    code = f" {judged.code}" if judged.code else ""
    result = f"{judged.indication}{code}: {judged.why}"
    return Step(CLAUSE, did, result, *_by_hand(stamp, judged))


def _by_hand(stamp: Stamp, judged: JudgedToken) -> tuple[str, str]:
    """Return the commands for a token that holds, and what they print."""
    token, anchor = judged.token, judged.anchor
    if token is None or anchor is None or judged.indication is not Indication.PASSED:
        return because("No command: openssl ts -verify needs an authority that is trusted."), ""
    if anchor.kind is not AnchorKind.CERTIFICATE:
        return because("No command: the authority is trusted by its bare key."), ""
    name = hashlib.sha256(stamp.token.place.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    between = [der for der in (*judged.path[:-1], *token.certificates) if der != anchor.der]
    lines = [
        file_at(stamp.token, "T"),
        *_over(stamp, name),
        write(anchor.der, f"{name}.der"),
        hashed(f"$S/{name}.der"),
        f'openssl x509 -inform DER -in "$S/{name}.der" -out "$S/{name}.root"',
        *_untrusted(dict.fromkeys(between), name),
        command(
            "openssl ts -verify",
            *(["-token_in"] if token.bare else []),
            '-in "$T" -data "$O"',
            f'-CAfile "$S/{name}.root" -partial_chain -attime {int(token.time.timestamp())}',
            *([f'-untrusted "$S/{name}.chain"'] if between else []),
            "2> /dev/null",
        ),
    ]
    return "\n".join(lines), f"{anchor.fingerprint}\nVerification: OK"


def _over(stamp: Stamp, name: str) -> list[str]:
    """Return the commands that make ``$O`` what a token is over."""
    if stamp.signature is None:
        return [file_at(stamp.over, "O")]
    return [write(stamp.signature, f"{name}.sig"), f'O="$S/{name}.sig"']


def _untrusted(certificates: dict[bytes, None], name: str) -> list[str]:
    """Return the commands that put the certificates between into one PEM file."""
    lines = []
    for n, der in enumerate(certificates):
        turn = f'openssl x509 -inform DER -in "$S/{name}.{n}" >> "$S/{name}.chain"'
        lines += [write(der, f"{name}.{n}"), turn]
    return lines
