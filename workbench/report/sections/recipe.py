"""How a stranger checks this file, and redoes the work by hand."""

from collections.abc import Iterable, Iterator

from workbench.model.verdict import Step
from workbench.report.context import Page, Section
from workbench.report.document import Block, Code, Heading, Paragraph
from workbench.report.phrases import listed, short_name_of

_SUBJECTS = 40
_LINES = 400

_BEGIN, _END = "# begin", "# end"

_FILES = "S=$(mktemp -d)"
_RANGE = (
    "python3 -c \"import re, sys; d = open(sys.argv[1], 'rb').read(); a, b, c = map(int, \\",
    "re.search(rb'/ByteRange ?\\[0 (\\d+) (\\d+) (\\d+)\\]', d).groups()); \\",
    "open(sys.argv[2], 'wb').write(d[:a] + d[b:b + c]); \\",
    "open(sys.argv[3], 'wb').write(bytes.fromhex(d[a + 1:b - 1].decode()))\" \\",
    'report.pdf "$S/signed" "$S/cms"',
)
_OPENSSL = (
    *_RANGE,
    'openssl cms -verify -binary -cades -inform DER -in "$S/cms" -content "$S/signed" \\',
    "-CAfile root.pem -no-CApath -purpose any -out /dev/null 2>&1 \\",
    "| grep -o 'Verification successful'",
)
_OURS = ("workbench verify-report report.pdf --trust root.pem",)
_PYHANKO = (
    "pyhanko sign validate --trust root.pem --trust-replace --no-revocation-check \\",
    "--pretty-print report.pdf",
)
_PDFSIG = (
    'mkdir "$S/nss" && certutil -N -d "sql:$S/nss" --empty-password',
    'certutil -A -d "sql:$S/nss" -n root -t CT,CT,CT -i root.pem',
    'pdfsig -nssdir "sql:$S/nss" report.pdf \\',
    "| grep -oE 'is Valid|is Trusted|Total document signed' | LC_ALL=C sort",
)
_MANIFEST = (
    "# pdfdetach is of poppler",
    'pdfdetach -savefile manifest.json -o "$S/manifest.json" report.pdf',
    'sha256sum < "$S/manifest.json" | cut -c-64',
)
_ALL = (
    'python3 -c "import json, sys; m = json.load(open(sys.argv[1])); \\',
    "m = m['verification']['sources']; \\",
    "print(*[t['recipe'] for s in m for t in s.get('steps', [])], sep=chr(10))\" \\",
    '"$S/manifest.json" > all.sh',
)


_WHERE = (
    "Put copies of what was handed over side by side in one folder, under the names that this "
    "report uses, and run the recipes in that folder. It then holds "
)
_WHOSE = (
    "The keys and certificates in the recipes are those that the auditor trusted; each is followed "
    "by its SHA-256, to be compared with its owner. Nothing is written but in a new private folder."
)


def _build(page: Page) -> Iterator[Block]:
    yield Paragraph(
        "These commands need bash, coreutils, openssl and python3, and nothing of this program; "
        "where another one is needed, a note says so. Lines that start with # are notes. What a "
        "command must print stands below it. A recipe goes from # begin to # end: its later "
        "commands use what the earlier ones made, which lies in a new private folder, $S."
    )
    yield from _signature(page)
    yield Heading(2, "The embedded manifest", "recipe-manifest")
    yield Paragraph(
        "It must have the SHA-256 that the first page states; the foot of every page shows its "
        "beginning."
    )
    yield Code(_recipe("manifest", (_FILES, *_MANIFEST), page.manifest_sha256))
    yield from _evidence(page)


def _signature(page: Page) -> Iterator[Block]:
    yield Heading(2, "The signature of this file", "recipe-signature")
    root = page.context.signer_root
    if not root:
        yield Paragraph(
            "No certificate was named when these pages were made. Without a signature this file "
            "does not show who made it, nor that it is as it was made."
        )
        return
    yield Paragraph(
        "Save this report as report.pdf, and the root certificate that the auditor gave you as "
        "root.pem, in one folder, and run these there. The first digest must also be the one that "
        "the auditor tells you."
    )
    look = (_FILES, "openssl x509 -in root.pem -outform DER | sha256sum | cut -c-64")
    yield Code((*_recipe("signature", look, root)[:-1], *_OPENSSL, *_signed("signature")))
    yield Paragraph("The same with programs that know PDF; any of them will do.")
    said = "Total document signed\nis Trusted\nis Valid"
    yield Code(_recipe("pdfsig (of poppler and nss)", (_FILES, *_PDFSIG), said))
    yield Code(("# pyhanko, of the Python package pyhanko-cli", *_PYHANKO))
    yield Code(("# this program: it checks the embedded manifest, too", *_OURS))


def _signed(name: str) -> tuple[str, str]:
    return "# prints: Verification successful", f"{_END} {name}"


def _recipe(name: str, lines: Iterable[str], prints: str) -> tuple[str, ...]:
    return (f"{_BEGIN} {name}", *lines, *_prints(prints), f"{_END} {name}")


def _prints(text: str) -> Iterator[str]:
    yield from (f"# prints: {line}" for line in text.splitlines())


def _evidence(page: Page) -> Iterator[Block]:
    subjects = [s for s in page.context.verification.subjects if s.verdict and s.verdict.steps]
    if not subjects:
        return
    tops = sorted({s.path.split("/")[0] for s in subjects})
    yield Heading(2, "The evidence", "recipe-evidence")
    yield Paragraph((_WHERE, *listed(tops), ". ", _WHOSE))
    for number, source in enumerate(subjects[:_SUBJECTS], 1):
        yield Heading(3, short_name_of(source), f"recipe-{number}")
        if source.verdict:
            yield from _steps(source.verdict.steps, number)
    yield from _rest(len(subjects) - _SUBJECTS)


def _steps(steps: tuple[Step, ...], number: int) -> Iterator[Block]:
    """Yield a listing a step, so that no command is torn by the end of a page."""
    listings = [tuple(_step(step, n)) for n, step in enumerate(steps, 1)]
    fitting = [n for n in range(1, len(listings) + 1) if sum(map(len, listings[:n])) <= _LINES]
    shown = listings[: max(fitting, default=1)]
    for at, lines in enumerate(shown):
        first = (f"{_BEGIN} recipe {number}",) if at == 0 else ()
        last = (f"{_END} recipe {number}",) if at == len(shown) - 1 else ()
        yield Code((*first, *lines, *last))
    if len(shown) < len(listings):
        yield Paragraph(f"The other {len(listings) - len(shown):,} steps are in manifest.json.")


def _step(step: Step, number: int) -> Iterator[str]:
    yield f"# step {number}" + (f", {step.clause}" if step.clause else "")
    lines = step.recipe.splitlines() or ["# No command is given for this step."]
    yield from lines
    yield from _prints(step.prints)
    if not step.prints and any(not line.startswith("#") for line in lines):
        yield "# prints nothing"


def _rest(more: int) -> Iterator[Block]:
    if more > 0:
        yield Paragraph(
            f"The recipes of {more:,} more subjects are in manifest.json. With the manifest as "
            "above, this writes all of them to a file:"
        )
        yield Code(_ALL)


SECTION = Section("recipe", "Check it yourself", 70, _build)
