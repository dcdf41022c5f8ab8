"""How a stranger checks this file, and redoes the work by hand."""

from collections.abc import Iterator

from workbench.model.verdict import SubjectVerdict
from workbench.report.context import Page, Section
from workbench.report.document import Block, Code, Heading, Paragraph
from workbench.report.phrases import short_name_of

_SUBJECTS = 40
_LINES = 40

_ROOT = ("openssl x509 -in root.pem -noout -fingerprint -sha256",)
_OURS = ("workbench verify-report report.pdf --trust root.pem",)
_PYHANKO = (
    (
        "pyhanko sign validate --trust root.pem --trust-replace --no-revocation-check"
        " --pretty-print report.pdf"
    ),
)
_PDFSIG = (
    "mkdir nss && certutil -N -d sql:nss --empty-password",
    "certutil -A -d sql:nss -n root -t CT,CT,CT -i root.pem",
    "pdfsig -nssdir sql:nss report.pdf",
)
_OPENSSL = (
    "pdfsig -dump report.pdf     # writes report.pdf.sig0, prints: Signed Ranges: [0 - A], [B - C]",
    "head -c A report.pdf > signed.bin && tail -c +$((B+1)) report.pdf >> signed.bin",
    (
        "openssl cms -verify -binary -inform DER -in report.pdf.sig0 -content signed.bin"
        " -CAfile root.pem -no-CApath -purpose any -out /dev/null"
    ),
)


def _build(page: Page) -> Iterator[Block]:
    yield Heading(2, "The signature of this file", "recipe-signature")
    yield Paragraph("First the certificate, against the fingerprint from the auditor:")
    yield Code(_ROOT)
    yield Paragraph("Then the signature: with this program, or without it by any of these.")
    yield Code(_OURS)
    yield Code(_PYHANKO)
    yield Code(_PDFSIG)
    yield Code(_OPENSSL)
    yield Heading(2, "The embedded manifest", "recipe-manifest")
    yield Paragraph("It must have the SHA-256 of the first page; every footer shows its beginning:")
    yield Code(("pdfdetach -save 1 -o manifest.json report.pdf && sha256sum manifest.json",))
    yield from _evidence(page)


def _evidence(page: Page) -> Iterator[Block]:
    found = [
        (short_name_of(source), lines)
        for source in page.context.verification.subjects
        if source.verdict and (lines := _recipe(source.verdict))
    ]
    if not found:
        return
    yield Heading(2, "The evidence", "recipe-evidence")
    yield Paragraph(
        "Run these in the folder of the evidence. File names come from the evidence: read a line "
        "before you run it. A line that starts further in belongs to the one above it."
    )
    for number, (name, lines) in enumerate(found[:_SUBJECTS], 1):
        yield Heading(3, name, f"recipe-{number}")
        yield Code(lines[:_LINES])
    if len(found) > _SUBJECTS:
        yield Paragraph("The recipes of all other subjects are in manifest.json.", quiet=True)


def _recipe(verdict: SubjectVerdict) -> tuple[str, ...]:
    return tuple(line for step in verdict.steps for line in step.recipe.splitlines())


SECTION = Section("recipe", "Check it yourself", 70, _build)
