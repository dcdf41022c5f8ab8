"""Only a word of the vocabulary makes an action an approval or a deployment."""

import pytest
import re2

from workbench.analysis.acts import QUERY, Act, Meaning, meaning_of

KNOWN = {
    Act.APPROVE: (
        "approve model.approve ApproveModelVersion APPROVED model_approved approval.granted "
        "approveTransitionRequest request.approved deployment.approved"
    ),
    Act.REJECT: "approval.rejected disapprove model.reject approval_denied approval.declined",
    Act.REVOKE: "model.unapprove approval.revoked model.revoke ApprovalWithdrawn approval.deleted",
    Act.DEPLOY: (
        "deploy model.deploy DeployModel redeployed deployment.created deployment.succeeded "
        "model.promote promote_to_production transition_stage_to_production"
    ),
    Act.REGISTER: "model.register CreateModelVersion createRegisteredModel model_registered",
    Act.RETIRE: (
        "undeploy deployment.stopped DeleteDeployment transition_stage_to_archived model.retired "
        "transition_stage_to_none promote_to_staging deleteRegisteredModel archiveModelVersion "
        "model.demoted DeleteModelVersion deployment.rollback"
    ),
    None: (
        "approval.requested approval.pending approvals.list getApproval approval.failed "
        "request_approval approval.revocation.requested deployment.describe ListDeployments "
        "deployment.failed deployment.requested registry.read models.archived.list "
        "deployment.stop.requested access.revoke login object.delete"
    ),
}
#: What a word outside of the vocabulary, or none that decides, leaves open.
OPEN = {
    Act.APPROVE: (
        "approval approval.created approval.simulated approver.added preapproved not_approved "
        "request.approve approve.started unApprove"
    ),
    Act.DEPLOY: "deployment transitionModelVersionStage deployment.updated deploy.rehearsal",
}


@pytest.mark.parametrize(
    ("action", "act"), [(action, act) for act, each in KNOWN.items() for action in each.split()]
)
def test_word_of_the_vocabulary_decides(action: str, act: Act | None) -> None:
    assert meaning_of(action) == Meaning(act)


@pytest.mark.parametrize(
    ("action", "act"), [(action, act) for act, each in OPEN.items() for action in each.split()]
)
def test_unknown_word_is_never_an_act_and_never_dropped(action: str, act: Act) -> None:
    assert meaning_of(action) == Meaning(maybe=frozenset({act}))


def test_two_acts_in_one_name_are_none() -> None:
    assert meaning_of("deploy_approved_model").maybe == {Act.APPROVE, Act.DEPLOY}


def test_index_is_asked_for_every_act_that_is_understood() -> None:
    asked = re2.compile(QUERY.removeprefix("action:/").removesuffix("/"))
    for act, actions in (*KNOWN.items(), *OPEN.items()):
        for action in actions.split():
            assert act is None or asked.search(action), action
