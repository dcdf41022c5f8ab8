"""Signatures reach the level that they say, and last as long as what shows it lasts."""

from datetime import datetime, timedelta

import pytest
import reports
import signing
from reports import NOW
from signing import certified, full, full_trust, judged, levels, outside, reviewed, team

from workbench.errors import SigningError
from workbench.model.verdict import Indication
from workbench.sign.pdf import Proof, sign_report, stamp_report
from workbench.sign.time_stamp import OwnStamper
from workbench.verify.report import Coverage

YEAR = timedelta(days=365)


def test_a_signature_alone_is_b_b() -> None:
    found = judged(certified(), team().trust())
    assert (found.indication, levels(found)) == (Indication.PASSED, ["B-B"])
    assert found.signatures[0].proven_time is None


def test_a_time_stamp_from_outside_proves_a_time() -> None:
    found = judged(certified(stamper=signing.outside_stamper()), full_trust())
    assert (found.indication, levels(found)) == (Indication.PASSED, ["B-T"])
    assert found.signatures[0].proven_time == NOW + timedelta(seconds=1)
    assert not any("no trusted time stamp" in reason for reason in found.reasons)


def test_a_time_stamp_of_one_s_own_proves_an_order_and_no_time() -> None:
    found = judged(certified(stamper=signing.own_stamper()), team().trust())
    assert (found.indication, levels(found)) == (Indication.PASSED, ["B-T"])
    assert found.signatures[0].proven_time is None
    assert found.stamps[0].order_only
    assert any("in which order" in reason for reason in found.reasons)


def test_lists_in_the_report_make_it_b_lt() -> None:
    pdf = certified(material=team().material(), stamper=signing.own_stamper())
    assert levels(judged(pdf, team().trust())) == ["B-LT"]


def test_a_list_that_is_out_of_date_when_it_is_signed_does_not() -> None:
    old = team().material(now=signing.BEFORE, days=1)
    pdf = certified(material=old, stamper=signing.own_stamper())
    assert levels(judged(pdf, team().trust())) == ["B-T"]


def test_without_the_lists_of_the_authority_s_own_issuer_it_is_no_more_than_b_t() -> None:
    pdf = certified(material=team().material(), stamper=signing.outside_stamper())
    assert levels(judged(pdf, full_trust())) == ["B-T"]


def test_auditor_reviewer_and_archive_are_b_lta_throughout() -> None:
    found = judged(full(), full_trust(), *signing.pins())
    assert (found.indication, levels(found)) == (Indication.PASSED, ["B-LTA", "B-LTA"])
    assert [row.field for row in found.signatures] == ["LeadAuditor", "Reviewer"]
    assert [row.changes for row in found.signatures] == ["permitted", "permitted"]
    assert found.stamps[-1].coverage is Coverage.WHOLE_FILE


@pytest.mark.parametrize("years", [2, 4, 11])
def test_it_passes_after_its_signers_certificates_have_ended(years: int) -> None:
    found = judged(full(), full_trust(NOW + years * YEAR))
    assert found.indication is Indication.PASSED, found.reasons


def test_it_does_not_outlive_the_certificate_of_its_last_time_stamp() -> None:
    found = judged(full(), full_trust(NOW + 13 * YEAR))
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "OUT_OF_BOUNDS_NO_POE")


def test_renewed_in_time_it_does() -> None:
    later = NOW + 11 * YEAR
    fresh = signing.authority.issue(
        outside().issuer, signing.Holder.TSA, "Next TSA", organisation="Outside", now=later
    )
    with signing.mock.patch.object(signing.time_stamp, "ORDER_ONLY_POLICY", "1.2.3.4.1"):
        material = outside().material(now=later)
        renewed = stamp_report(full(), OwnStamper(fresh, lambda: later), material=material)
    found = judged(renewed, full_trust(NOW + 14 * YEAR))
    assert found.indication is Indication.PASSED, found.reasons
    assert levels(found) == ["B-LTA", "B-LTA"]


def test_b_b_does_not_outlive_its_certificate() -> None:
    found = judged(certified(), team().trust(at=NOW + 4 * YEAR))
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "OUT_OF_BOUNDS_NO_POE")


def test_a_time_stamp_of_one_s_own_does_not_help_against_that() -> None:
    pdf = certified(material=team().material(), stamper=signing.own_stamper())
    found = judged(pdf, team().trust(at=NOW + 4 * YEAR))
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "OUT_OF_BOUNDS_NO_POE")


@pytest.mark.parametrize(
    ("since", "indication"),
    [(NOW - timedelta(days=1), Indication.INDETERMINATE), (NOW + YEAR, Indication.PASSED)],
    ids=["before it was signed", "later"],
)
def test_what_was_revoked_counts_from_then_on(since: datetime, indication: Indication) -> None:
    from workbench.verify.report.stamps import with_stored

    crls = team().crls(signing.withdrawn(team().ada, since), now=NOW + YEAR)
    trust = with_stored(full_trust(NOW + YEAR + timedelta(days=9)), crls)
    found = judged(full(), trust)
    assert found.indication is indication, found.reasons
    assert found.code == (None if indication is Indication.PASSED else "REVOKED_NO_POE")


def test_a_compromised_time_stamping_key_takes_its_stamps_with_it() -> None:
    from workbench.verify.report.stamps import with_stored

    gone = signing.withdrawn(outside().tsa, NOW + YEAR, "key-compromise")
    crls = outside().crls(gone, now=NOW + YEAR)
    found = judged(full(), with_stored(full_trust(NOW + YEAR + timedelta(days=9)), crls))
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "REVOKED_NO_POE")


def test_a_reader_who_does_not_trust_the_authority_is_told_so() -> None:
    found = judged(full(), team().trust())
    assert found.indication is Indication.INDETERMINATE
    assert any("time stamp" in reason for reason in found.reasons[:1])


def test_whoever_claims_to_have_signed_after_the_stamp_is_not_believed() -> None:
    pdf = certified(stamper=signing.outside_stamper(NOW - timedelta(days=1)))
    found = judged(pdf, full_trust())
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "TIMESTAMP_ORDER_FAILURE")


def test_stamps_that_go_back_in_time_are_not_believed() -> None:
    pdf = stamp_report(full(), signing.outside_stamper(NOW - timedelta(days=1)))
    found = judged(pdf, full_trust())
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "TIMESTAMP_ORDER_FAILURE")


def test_the_same_person_is_no_reviewer() -> None:
    proof = Proof()
    pdf = sign_report(
        certified(), team().ada, reason="again", at=NOW, field="Reviewer", proof=proof
    )
    found = judged(pdf, team().trust())
    assert (found.indication, found.code) == (Indication.INDETERMINATE, "SIG_CONSTRAINTS_FAILURE")
    assert "same person" in found.reasons[0]


def test_a_signing_key_stamps_nothing() -> None:
    with pytest.raises(SigningError, match="not for time stamps"):
        OwnStamper(team().ada, lambda: NOW)


def test_what_nobody_signed_is_not_stamped() -> None:
    with pytest.raises(SigningError, match="Nobody signed"):
        stamp_report(reports.small_report(), signing.own_stamper())


def test_the_same_revision_is_made_again() -> None:
    """So that a query can be made today and its answer be put in tomorrow."""
    from workbench.sign.pdf import query_for

    pdf, material = reviewed(certified()), team().material()
    ask = [query_for(pdf, archive=True, material=material) for _ in range(2)]
    assert ask[0] == ask[1]
