"""Which act the name of an action stands for: a closed vocabulary, word by word.

``model.approve``, ``ApproveModelVersion`` and ``approval_granted`` are split into words at borders
and at capitals. Where each word is known here, the act is known; one word that is not makes it
undecided, because ``approval.rejected`` and ``approval.simulated`` are no approvals either. What
the words mean is written down in the help, chapter verdicts.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Act(StrEnum):
    """What a log may say was decided about a model."""

    REGISTER = "register"
    APPROVE = "approve"
    REJECT = "reject"
    REVOKE = "revoke"
    DEPLOY = "deploy"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an action is.

    Attributes:
        act: the act, or None.
        maybe: acts that it may be, where its words do not tell; then ``act`` is None.
    """

    act: Act | None = None
    maybe: frozenset[Act] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_APPROVE = _words("approve approves approved")
_APPROVAL = _words("approval approvals")
_GIVEN = _words("grant grants granted give gives gave given issue issued accept accepted")
_DEPLOY = _words("deploy deploys deployed redeploy redeploys redeployed")
_PROMOTE = _words("promote promotes promoted transition transitions transitioned")
_DEPLOYMENT = _words("deployment deployments promotion promotions")
_REGISTER = _words("register registers registered registration")
_BEGUN = _words("create creates created start starts started")
_DONE = _words("complete completes completed finish finished succeed succeeds succeeded success")
_REFUSED = _words(
    "reject rejects rejected rejection deny denies denied denial decline declines declined "
    "refuse refuses refused refusal disapprove disapproves disapproved disapproval"
)
_REVOKED = _words(
    "revoke revokes revoked revocation withdraw withdraws withdrew withdrawn withdrawal rescind "
    "rescinds rescinded retract retracts retracted unapprove unapproves unapproved invalidate "
    "invalidates invalidated expire expires expired expiry"
)
_ASKED = _words(
    "request requests requested ask asks asked submit submits submitted pending await awaits "
    "awaiting require requires required propose proposes proposed schedule scheduled remind "
    "reminded notify notified"
)
_READ = _words(
    "get gets list lists listed describe describes described view views viewed read reads search "
    "download downloaded export exported query show fetch lookup status"
)
_ENDED = _words(
    "undeploy undeploys undeployed stop stops stopped delete deletes deleted remove removes "
    "removed rollback archive archives archived cancel cancels cancelled canceled terminate "
    "terminated demote demoted retire retired decommission decommissioned abort aborted unregister "
    "unregistered deregister deregistered"
)
_FAILED = _words("fail fails failed failure error errors")
_ELSEWHERE = _words("staging archive archived none test testing dev development sandbox qa")
_LIVE = _words("production prod live champion")
NEUTRAL = _words(
    "a an the to for of in by on from with and model models version versions ml mlops ai mlflow "
    "sagemaker databricks unity catalog registry artifact artifacts release releases package "
    "packages stage change candidate pipeline workflow gate review event audit log api service "
    "endpoint governance lifecycle manual human final"
)
_VOCABULARY = frozenset[str]().union(
    *(_APPROVE, _APPROVAL, _GIVEN, _DEPLOY, _PROMOTE, _DEPLOYMENT, _REGISTER, _BEGUN, _DONE),
    *(_REFUSED, _REVOKED, _ASKED, _READ, _ENDED, _FAILED, _ELSEWHERE, _LIVE, NEUTRAL),
)
_NOTHING = Meaning()
_PERHAPS = {act: Meaning(maybe=frozenset({act})) for act in Act}

_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"v?[0-9]+")
#: What all of these have in common, as one question to the index (VERDICTS section 9): it finds
#: every action that ``meaning_of`` says anything of, and more.
QUERY = (
    "action:/(?i)approv|deploy|promot|transition|regist|create[^a-z]*model[^a-z]*version"
    "|(model|version)s?[^a-z]*(reject|revo|withdr|rescind|retract|expire|invalidat|den[iy]|declin)"
    "|(reject|revo|withdr|rescind|retract|expire|invalidat|den[iy]|declin)[a-z]*[^a-z]*(model|version)"
    "|(model|version)s?[^a-z]*(stop|delet|remov|rollback|archiv|cancel|terminat|demot|retir|decom|abort)"
    "|(stop|delet|remov|rollback|archiv|cancel|terminat|demot|retir|decom|abort)[a-z]*[^a-z]*(model|version)/"
)


def words_of(action: str) -> tuple[str, ...]:
    """Return the words of the name of an action, lower case, numbers left out."""
    split = _BORDER.sub(" ", action)
    words = (word.casefold() for word in _WORD.findall(split))
    return tuple(word for word in words if not _NUMBER.fullmatch(word))


@lru_cache(maxsize=4096)
def meaning_of(action: str) -> Meaning:
    """Return which act an action is, or may be."""
    words = words_of(action)
    said = frozenset(words)
    if any("approv" in word for word in words):
        return _of_approval(words, said)
    if said & _PROMOTE or any("deploy" in word or "promot" in word for word in words):
        return _of_deployment(said)
    if _is_registration(said):
        return _of_registration(said)
    return _of_the_rest(said)


def _of_approval(words: tuple[str, ...], said: frozenset[str]) -> Meaning:
    if not said <= _VOCABULARY:
        return _PERHAPS[Act.APPROVE]
    if said & (_READ | _FAILED):
        return _NOTHING
    if said & (_REVOKED | _ENDED):
        return _NOTHING if said & _ASKED else Meaning(Act.REVOKE)
    if said & _REFUSED:
        return Meaning(Act.REJECT)
    if said & _ASKED:
        return _of_request(words, said)
    if said & (_DEPLOY | _PROMOTE):
        return Meaning(maybe=frozenset({Act.APPROVE, Act.DEPLOY}))
    given = said & _APPROVE or (said & _APPROVAL and said & _GIVEN)
    return Meaning(Act.APPROVE) if given and not said & _BEGUN else _PERHAPS[Act.APPROVE]


def _of_request(words: tuple[str, ...], said: frozenset[str]) -> Meaning:
    """Tell the approval of a request (``ApproveTransitionRequest``) from a request for one."""
    if not said & _APPROVE or said & _ASKED - {"request", "requests"}:
        return _NOTHING
    verb = next(n for n, word in enumerate(words) if word in _APPROVE)
    noun = next(n for n, word in enumerate(words) if word in _ASKED)
    answered = verb < noun or words[verb] == "approved"
    return Meaning(Act.APPROVE) if answered else _PERHAPS[Act.APPROVE]


def _of_deployment(said: frozenset[str]) -> Meaning:
    if not said <= _VOCABULARY:
        return _PERHAPS[Act.DEPLOY]
    if said & (_READ | _FAILED | _ASKED | _REFUSED | _REVOKED):
        return _NOTHING
    if said & _ENDED or (said & _ELSEWHERE and not said & (_LIVE | _DEPLOY)):
        return Meaning(Act.RETIRE)
    if said & _DEPLOY:
        return Meaning(Act.DEPLOY)
    if said & _LIVE or said & {"promote", "promotes", "promoted"}:
        return Meaning(Act.DEPLOY)
    done = said & _DEPLOYMENT and said & (_BEGUN | _DONE)
    return Meaning(Act.DEPLOY) if done else _PERHAPS[Act.DEPLOY]


def _is_registration(said: frozenset[str]) -> bool:
    creates = bool(said & _BEGUN) and said >= {"model", "version"}
    return creates or any("regist" in word and word != "registry" for word in said)


def _of_registration(said: frozenset[str]) -> Meaning:
    if not said <= _VOCABULARY:
        return _PERHAPS[Act.REGISTER]
    if said & (_READ | _FAILED | _ASKED | _REFUSED | _REVOKED):
        return _NOTHING
    return Meaning(Act.RETIRE if said & _ENDED else Act.REGISTER)


def _of_the_rest(said: frozenset[str]) -> Meaning:
    """Tell ``model.revoke``: without a word of approval, only of a model or version as such."""
    if not said <= _VOCABULARY or not said & {"model", "models", "version", "versions"}:
        return _NOTHING
    if said & (_ASKED | _READ | _FAILED):
        return _NOTHING
    ends = ((_REVOKED, Act.REVOKE), (_REFUSED, Act.REJECT), (_ENDED, Act.RETIRE))
    return next((Meaning(act) for words, act in ends if said & words), _NOTHING)
