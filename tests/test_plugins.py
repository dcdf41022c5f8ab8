"""Plug-ins are found wherever they are bound, and nothing else is loaded for it."""

import pytest

from workbench.formats.sniff import readers
from workbench.plugins import _may_bind
from workbench.verify.judge import verifiers
from workbench.verify.verifier import Later


def test_every_verifier_and_reader_is_found() -> None:
    assert {"chain", "oms"} <= verifiers().keys()
    assert {"mlflow", "openlineage"} <= {reader.id for reader in readers()}


def test_a_verifier_that_is_loaded_later_is_the_one_that_was_named() -> None:
    later = [found for found in verifiers().values() if isinstance(found, Later)]
    assert later
    assert [found.id for found in later] == [found.loaded().id for found in later]


@pytest.mark.parametrize(
    ("module", "may"),
    [
        ("workbench.verify.chain_log", True),
        ("workbench.verify.oms", True),
        ("workbench.verify.trust.x509", False),
    ],
)
def test_only_a_module_that_names_a_plug_in_is_loaded_for_it(module: str, may: bool) -> None:
    assert _may_bind(module, "VERIFIER") is may
