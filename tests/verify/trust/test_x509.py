"""Paths of certificates: one sound, and one spoilt in each way."""

from base64 import b64decode
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from tests.verify.certificates import AT, Issued, Sheet, authority, issue, name_of, rsa_key
from workbench.model.trust import TrustAnchor
from workbench.model.verdict import Indication
from workbench.verify.trust.x509 import (
    MOST_CERTIFICATES,
    MOST_LOOKS,
    PathVerdict,
    _Search,
    validate_path,
)

ROOT = issue(authority("Root"))
MIDDLE = issue(authority("Middle"), ROOT)
LEAF = issue(Sheet("Signer"), MIDDLE)


def judge(leaf: Issued, pool: list[Issued], *anchors: TrustAnchor) -> PathVerdict:
    return validate_path(leaf.der, [c.der for c in pool], anchors, at=AT)


def test_a_sound_path_passes_and_names_its_anchor() -> None:
    verdict = judge(LEAF, [MIDDLE], ROOT.anchor())
    assert (verdict.indication, verdict.code) == (Indication.PASSED, None)
    assert verdict.anchor == ROOT.anchor()
    assert verdict.path == (LEAF.der, MIDDLE.der, ROOT.der)
    assert "Revocation was not checked" in verdict.reason


def test_order_and_repetition_in_the_pool_do_not_matter() -> None:
    verdict = judge(LEAF, [ROOT, LEAF, MIDDLE, MIDDLE, issue(authority("Stray"))], ROOT.anchor())
    assert verdict.path == (LEAF.der, MIDDLE.der, ROOT.der)


def test_an_intermediate_may_be_what_is_trusted() -> None:
    assert judge(LEAF, [], MIDDLE.anchor()).path == (LEAF.der, MIDDLE.der)


def test_the_signers_own_certificate_may_be_what_is_trusted() -> None:
    verdict = judge(LEAF, [], LEAF.anchor())
    assert (verdict.indication, verdict.path) == (Indication.PASSED, (LEAF.der,))


def test_a_pinned_certificate_needs_no_purpose_but_must_not_have_another() -> None:
    plain = issue(Sheet("Plain", ca=None, usage=None, purposes=None))
    server = issue(Sheet("Server", purposes=(Purpose.SERVER_AUTH,)))
    assert judge(plain, [], plain.anchor()).indication is Indication.PASSED
    assert judge(server, [], server.anchor()).code == "CHAIN_CONSTRAINTS_FAILURE"


def test_a_leaf_that_says_it_is_a_ca_and_bears_its_issuers_name_passes() -> None:
    """The upstream fixtures of OpenSSF Model Signing are made so."""
    odd = issue(Sheet("Middle", ca=True), MIDDLE)
    assert judge(odd, [MIDDLE, ROOT], ROOT.anchor()).indication is Indication.PASSED


def test_an_anchor_that_carries_authenticity_is_preferred() -> None:
    doubtful = ROOT.anchor(self_supplied=True)
    found = judge(LEAF, [MIDDLE], doubtful, ROOT.anchor()).anchor
    assert found is not None
    assert found.counts


SPOILT: dict[str, tuple[Callable[[], tuple[Issued, list[Issued], Issued]], str, str]] = {
    "another root of the same name": (
        lambda: (LEAF, [MIDDLE], issue(authority("Root"))),
        "NO_CERTIFICATE_CHAIN_FOUND",
        "issued by CN=Middle",
    ),
    "missing intermediate": (
        lambda: (LEAF, [], ROOT),
        "NO_CERTIFICATE_CHAIN_FOUND",
        "issued by CN=Middle",
    ),
    "expired signer": (
        lambda: (issue(Sheet("Old", years=(2020, 2021)), MIDDLE), [MIDDLE], ROOT),
        "OUT_OF_BOUNDS_NO_POE",
        "CN=Old expired on 2021-01-01",
    ),
    "expired root": (
        lambda: _below(issue(authority("Past", years=(2015, 2020)))),
        "OUT_OF_BOUNDS_NO_POE",
        "CN=Past expired",
    ),
    "signer not valid yet": (
        lambda: (issue(Sheet("New", years=(2027, 2028)), MIDDLE), [MIDDLE], ROOT),
        "NOT_YET_VALID",
        "only from 2027-01-01",
    ),
    "signer for servers": (
        lambda: (issue(Sheet("S", purposes=(Purpose.SERVER_AUTH,)), MIDDLE), [MIDDLE], ROOT),
        "CHAIN_CONSTRAINTS_FAILURE",
        "not for signatures of this kind",
    ),
    "signer without purpose": (
        lambda: (issue(Sheet("S", purposes=None), MIDDLE), [MIDDLE], ROOT),
        "CHAIN_CONSTRAINTS_FAILURE",
        "does not say what it may sign",
    ),
    "signer that may not sign": (
        lambda: (issue(Sheet("S", usage="key_agreement"), MIDDLE), [MIDDLE], ROOT),
        "CHAIN_CONSTRAINTS_FAILURE",
        "may not sign (key usage)",
    ),
    "signer without key usage": (
        lambda: (issue(Sheet("S", usage=None), MIDDLE), [MIDDLE], ROOT),
        "CHAIN_CONSTRAINTS_FAILURE",
        "does not say that it may sign",
    ),
    "issuer that is no authority": (
        lambda: _through(issue(Sheet("M", ca=False, usage="key_cert_sign"), ROOT)),
        "CHAIN_CONSTRAINTS_FAILURE",
        "no certificate authority",
    ),
    "issuer that says nothing": (
        lambda: _through(issue(Sheet("M", ca=None, usage=None, purposes=None), ROOT)),
        "CHAIN_CONSTRAINTS_FAILURE",
        "no certificate authority",
    ),
    "issuer that may not sign certificates": (
        lambda: _through(issue(authority("M", usage="crl_sign"), ROOT)),
        "CHAIN_CONSTRAINTS_FAILURE",
        "may not sign certificates",
    ),
    "issuer for servers": (
        lambda: _through(issue(authority("M", purposes=(Purpose.SERVER_AUTH,)), ROOT)),
        "CHAIN_CONSTRAINTS_FAILURE",
        "may not issue for this purpose",
    ),
    "too many authorities": (
        lambda: _below(issue(authority("Short", path_length=0))),
        "CHAIN_CONSTRAINTS_FAILURE",
        "CN=Short allows 0 authorities",
    ),
    "name constraints": (
        lambda: _through(issue(authority("M", more=[(_name_constraints(), False)]), ROOT)),
        "CHAIN_CONSTRAINTS_FAILURE",
        "asks for name constraints",
    ),
    "unknown critical extension": (
        lambda: _through(issue(authority("M", more=[(_unknown(), True)]), ROOT)),
        "CHAIN_CONSTRAINTS_FAILURE",
        "asks for 1.2.3.4",
    ),
    "root not valid yet": (
        lambda: _below(issue(authority("Soon", years=(2027, 2030)))),
        "NOT_YET_VALID",
        "CN=Soon is valid only from 2027-01-01",
    ),
    "root for servers": (
        lambda: _below(issue(authority("Web", purposes=(Purpose.SERVER_AUTH,)))),
        "CHAIN_CONSTRAINTS_FAILURE",
        "CN=Web may not issue for this purpose",
    ),
    "root with name constraints": (
        lambda: _below(issue(authority("Narrow", more=[(_name_constraints(), True)]))),
        "CHAIN_CONSTRAINTS_FAILURE",
        "CN=Narrow asks for name constraints",
    ),
    "root with an unknown critical extension": (
        lambda: _below(issue(authority("Odd", more=[(_unknown(), True)]))),
        "CHAIN_CONSTRAINTS_FAILURE",
        "CN=Odd asks for 1.2.3.4",
    ),
    "root that is no authority": (
        lambda: _below(issue(Sheet("Plain", ca=False, usage="key_cert_sign", purposes=None))),
        "CHAIN_CONSTRAINTS_FAILURE",
        "CN=Plain issued a certificate but is no certificate authority",
    ),
    "signer with an unknown critical extension": (
        lambda: (issue(Sheet("S", more=[(_unknown(), True)]), MIDDLE), [MIDDLE], ROOT),
        "CHAIN_CONSTRAINTS_FAILURE",
        "CN=S asks for 1.2.3.4",
    ),
    "signer that issued another signer": (
        lambda: (issue(Sheet("Below"), LEAF), [LEAF, MIDDLE], ROOT),
        "CHAIN_CONSTRAINTS_FAILURE",
        "CN=Signer issued a certificate but is no certificate authority",
    ),
    "policies that are not processed": (
        lambda: _through(issue(authority("M", more=[(x509.InhibitAnyPolicy(0), True)]), ROOT)),
        "CHAIN_CONSTRAINTS_FAILURE",
        "asks for 2.5.29.54",
    ),
    "weak signer": (
        lambda: (issue(Sheet("S"), MIDDLE, rsa_key(1024)), [MIDDLE], ROOT),
        "CRYPTO_CONSTRAINTS_FAILURE",
        "RSA of 1024 bits",
    ),
    "weak issuer": (
        lambda: _through(issue(authority("M"), ROOT, rsa_key(1024))),
        "CRYPTO_CONSTRAINTS_FAILURE",
        "RSA of 1024 bits",
    ),
}


def _through(middle: Issued) -> tuple[Issued, list[Issued], Issued]:
    return issue(Sheet("Signer"), middle), [middle], ROOT


def _below(root: Issued) -> tuple[Issued, list[Issued], Issued]:
    middle = issue(authority("Middle"), root)
    return issue(Sheet("Signer"), middle), [middle], root


def _name_constraints() -> x509.NameConstraints:
    return x509.NameConstraints([x509.DirectoryName(name_of("Signer"))], None)


def _unknown() -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")


@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_path_is_never_green_and_says_why(case: str) -> None:
    make, code, reason = SPOILT[case]
    leaf, pool, anchor = make()
    verdict = judge(leaf, pool, anchor.anchor())
    assert (verdict.indication, verdict.code) == (Indication.INDETERMINATE, code)
    assert reason in verdict.reason


#: Self-signed with ECDSA and SHA-1, by openssl: the library no longer makes such things.
SHA1 = b64decode(
    "MIIBdDCCARqgAwIBAgIUOTfoq/FSgZte+DGRDCqHOixwNswwCQYHKoZIzj0EATAPMQ0wCwYDVQQDDARSb290MCAXDT"
    "I2MTEyNDA0MTYxNFoYDzIwODEwODI3MDQxNjE0WjAPMQ0wCwYDVQQDDARSb290MFkwEwYHKoZIzj0CAQYIKoZIzj0D"
    "AQcDQgAEs5ZHkOwseAm0A3usgMx2cdkSK7XchG2+PTiYgBl7Ytg2HY1gxhbmi+6IYzWB7DPrr2Bmq4srZWx1Tc0Eqn"
    "Zf1qNTMFEwHQYDVR0OBBYEFK1ihZEH61oC3xFCD5ab54MFKC22MB8GA1UdIwQYMBaAFK1ihZEH61oC3xFCD5ab54MF"
    "KC22MA8GA1UdEwEB/wQFMAMBAf8wCQYHKoZIzj0EAQNJADBGAiEAyXJ95i/6SAIKoRP5fnhWicOBw+JbXoHyjuVJUl"
    "yY668CIQDwvVcNE9NlsbrhKedQqTeyQ8ximNS7CPSzNoyOOsuvWA=="
)


def test_a_certificate_signed_with_sha_1_leads_nowhere() -> None:
    verdict = validate_path(SHA1, [SHA1], [ROOT.anchor()], at=AT)
    assert (verdict.indication, verdict.code) == (
        Indication.INDETERMINATE,
        "CRYPTO_CONSTRAINTS_FAILURE",
    )
    assert "SHA1, which is too weak" in verdict.reason


def test_a_certificate_for_ones_own_new_key_does_not_count_as_an_authority_below() -> None:
    """RFC 5280 6.1.4 (l): a self-issued certificate uses up no path length."""
    short = issue(authority("Short", path_length=0))
    renewed = issue(authority("Short", path_length=0), short)
    leaf = issue(Sheet("Signer"), renewed)
    assert judge(leaf, [renewed], short.anchor()).indication is Indication.PASSED
    below = issue(authority("Below"), renewed)
    verdict = judge(issue(Sheet("Signer"), below), [below, renewed], short.anchor())
    assert verdict.code == "CHAIN_CONSTRAINTS_FAILURE"


def test_a_pinned_certificate_must_be_in_its_time() -> None:
    old = issue(Sheet("Old", years=(2020, 2021)), MIDDLE)
    assert judge(old, [], old.anchor()).code == "OUT_OF_BOUNDS_NO_POE"


def test_a_certificate_that_holds_a_trusted_name_and_another_key_leads_nowhere() -> None:
    impostor = issue(authority("Root"))
    leaf = issue(Sheet("Signer"), impostor)
    assert judge(leaf, [impostor], ROOT.anchor()).code == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_harmless_unknown_extension_is_ignored() -> None:
    leaf, pool, root = _through(issue(authority("M", more=[(_unknown(), False)]), ROOT))
    assert judge(leaf, pool, root.anchor()).indication is Indication.PASSED


def test_a_sound_path_is_found_behind_a_spoilt_one() -> None:
    key = MIDDLE.key
    expired = issue(authority("Middle", years=(2015, 2016)), ROOT, key)
    assert judge(LEAF, [expired, MIDDLE], ROOT.anchor()).indication is Indication.PASSED


def test_any_purpose_serves() -> None:
    leaf = issue(Sheet("S", purposes=(Purpose.ANY_EXTENDED_KEY_USAGE,)), MIDDLE)
    assert judge(leaf, [MIDDLE], ROOT.anchor()).indication is Indication.PASSED


def test_flipping_any_byte_of_the_signers_certificate_ends_the_path() -> None:
    for place in range(len(LEAF.der)):
        spoilt = bytearray(LEAF.der)
        spoilt[place] ^= 1
        verdict = validate_path(bytes(spoilt), [MIDDLE.der], [ROOT.anchor()], at=AT)
        assert verdict.indication is Indication.INDETERMINATE, place


@pytest.mark.parametrize("junk", [b"", b"\x30", b"\x30\x80\x00\x00", bytes(5000)])
def test_junk_is_indeterminate(junk: bytes) -> None:
    verdict = validate_path(junk, [junk], [ROOT.anchor()], at=AT)
    assert verdict.code == "CERTIFICATE_CHAIN_GENERAL_FAILURE"


def test_circles_end() -> None:
    first, second = issue(authority("A")), issue(authority("B"))
    crossed = [issue(authority("A"), second, first.key), issue(authority("B"), first, second.key)]
    leaf = issue(Sheet("Signer"), crossed[0])
    assert judge(leaf, crossed, ROOT.anchor()).code == "NO_CERTIFICATE_CHAIN_FOUND"


def test_a_pool_made_to_cost_time_is_cut_short() -> None:
    names = [f"N{n}" for n in range(6)]
    roots = [issue(authority(name)) for name in names]
    pool = [
        issue(authority(name), issuer, holder.key).certificate
        for name, holder in zip(names, roots, strict=True)
        for issuer in roots
        if holder is not issuer
    ]
    leaf = issue(Sheet("Signer"), roots[0])
    search = _Search(pool, [(ROOT.anchor(), ROOT.certificate)])
    assert list(search.paths((leaf.certificate,))) == []
    assert search.looks == MOST_LOOKS


def test_too_many_certificates_are_not_tried() -> None:
    verdict = judge(LEAF, [MIDDLE] * (MOST_CERTIFICATES + 1), ROOT.anchor())
    assert verdict.code == "CERTIFICATE_CHAIN_GENERAL_FAILURE"
