"""What the logs of a case, taken together, say of the approval of each model version over time.

Logs are rotated, and approvals and deployments are often logged by different systems, so what is
said of one version is gathered over all logs of the case. Records of one log stand in its order;
across logs the time that they claim decides, and where that cannot decide, nothing is concluded.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workbench.analysis.acts import Act, Meaning, meaning_of
from workbench.analysis.decisions import Meant, meant, short_name, stands
from workbench.model.event import IndexedEvent, Outcome

#: Approvals of one version that are kept at once, and those that a deployment is shown with.
MOST_STANDING = 200
MOST_CITED = 20
#: Before every claimed time: the first records of a log that claim none.
_NO_TIME = -(2**63)


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that was done, or perhaps done, about a version.

    Attributes:
        found: the event.
        meaning: what its action is.
        moment: claimed nanosecond at which it stands among the records of all logs.
        in_doubt: its own record claims no time, so its place among other logs is a guess.
    """

    found: IndexedEvent
    meaning: Meaning
    moment: int = _NO_TIME
    in_doubt: bool = False


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment, with what the logs say of the approval of its version at that time.

    Attributes:
        deed: the deployment, or what may be one.
        approvals: approvals that stand before it and were not revoked by then.
        doubt: why it cannot be told whether it was approved, in a sentence, or "".
    """

    deed: Deed
    approvals: tuple[IndexedEvent, ...]
    doubt: str


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval, or what may be one, with who registered its version before."""

    deed: Deed
    registrar: str


@dataclass(slots=True)
class History:
    """What came of the acts on all versions, in the order of the logs.

    Attributes:
        approvals: each approval, and each act that may be one.
        deployments: each deployment, and each act that may be one.
        standing: approvals that nothing ended, by what they approve.
        ended: approvals that were revoked later.
    """

    approvals: list[Approval] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    standing: dict[Meant, list[IndexedEvent]] = field(default_factory=dict)
    ended: list[IndexedEvent] = field(default_factory=list)


def history_of(events: Iterable[IndexedEvent]) -> History:
    """Return what the logs say, from events in the order of each log."""
    history = History()
    for item, deeds in _by_version(events).items():
        _Version(history, deeds).walk()
        if not item:  # nothing is named: two events of that kind need not be of one thing
            history.standing.pop(item, None)
    return history


def _by_version(events: Iterable[IndexedEvent]) -> Mapping[Meant, list[Deed]]:
    found: dict[Meant, list[Deed]] = defaultdict(list)
    latest: dict[int, int] = {}
    for each in events:
        event, meaning = each.event, meaning_of(each.event.action)
        claimed = _NO_TIME if event.time_ns is None else event.time_ns
        moment = max(latest.get(each.source, _NO_TIME), claimed)
        latest[each.source] = moment
        if meaning.act is not None or meaning.maybe:
            deed = Deed(each, meaning, moment, in_doubt=event.time_ns is None)
            found[meant(event.object)].append(deed)
    return found


class _Version:
    """The acts on one version, gone through in their order."""

    def __init__(self, history: History, deeds: Sequence[Deed]) -> None:
        self._history = history
        self._deeds = sorted(deeds, key=lambda deed: deed.moment)
        self._approvals: list[Deed] = []
        self._doubts: list[Deed] = []
        self._registrar = next(
            (short_name(d.found.event.actor) for d in self._deeds if _is(d, Act.REGISTER)), ""
        )
        #: Logs by the moment at which, and by whether, they hold an act without a sure place.
        self._at: dict[tuple[Act, int], set[int]] = defaultdict(set)
        self._undated: dict[Act, set[int]] = defaultdict(set)
        self._logs: dict[Act, set[int]] = defaultdict(set)
        for deed in self._deeds:
            if deed.meaning.act is not None and _is(deed, deed.meaning.act):
                self._note(deed, deed.meaning.act)

    def _note(self, deed: Deed, act: Act) -> None:
        self._at[act, deed.moment].add(deed.found.source)
        self._logs[act].add(deed.found.source)
        if deed.in_doubt:
            self._undated[act].add(deed.found.source)

    def walk(self) -> None:
        """Take each act in turn."""
        for deed in self._deeds:
            self._take(deed)
        if self._approvals:
            item = meant(self._approvals[0].found.event.object)
            self._history.standing[item] = [deed.found for deed in self._approvals]

    def _take(self, deed: Deed) -> None:
        act, maybe = deed.meaning.act, deed.meaning.maybe
        if act is Act.APPROVE or Act.APPROVE in maybe:
            self._history.approvals.append(Approval(deed, self._registrar))
        if deed.found.event.outcome is Outcome.FAILURE:
            return
        if act is Act.REGISTER:
            self._registrar = short_name(deed.found.event.actor)
        elif act is Act.APPROVE:
            self._approvals = [*self._approvals[: MOST_STANDING - 1], deed]
            self._doubts.clear()
        elif act is Act.REVOKE:
            self._revoke(deed)
        if act is Act.DEPLOY or Act.DEPLOY in maybe:
            self._history.deployments.append(self._deployment(deed))
        if act is Act.REJECT or Act.APPROVE in maybe:
            self._doubts.append(deed)

    def _revoke(self, deed: Deed) -> None:
        """End the approval of who revokes; of another, all: one of them it must have been."""
        who = _who(deed)
        ended = [a for a in self._approvals if _who(a) == who] or self._approvals
        others = [a for a in self._approvals if _who(a) != who]
        self._history.ended.extend(approval.found for approval in ended)
        self._approvals = [] if ended is self._approvals else others
        self._doubts.clear()

    def _deployment(self, deed: Deed) -> Deployment:
        own = [a for a in self._approvals if a.found.source == deed.found.source]
        chosen = [a.found for a in own or self._approvals]
        return Deployment(deed, tuple(chosen[-MOST_CITED:]), self._doubt(deed))

    def _doubt(self, deed: Deed) -> str:
        event = deed.found.event
        if deed.meaning.act is None:
            return f"Whether {event.action} is a deployment is not known here."
        if not event.object:
            return "The log does not say what was deployed."
        open_ones = (
            self._doubts if self._approvals else [d for d in self._doubts if not d.meaning.act]
        )
        if open_ones:
            said = open_ones[-1].found.event
            return f"What {said.action} ({said.locator}) means for the approval is not known here."
        if self._is_order_open(deed):
            return "Which came first cannot be told: two logs claim no time, or the same."
        return ""

    def _is_order_open(self, deed: Deed) -> bool:
        """Tell whether what decides may as well stand on the other side of the deployment."""
        sure = any(self._is_sure(approval, deed) for approval in self._approvals)
        act, own = (Act.REVOKE if sure else Act.APPROVE), {deed.found.source}
        if deed.in_doubt:
            return bool(self._logs[act] - own)
        return bool(self._undated[act] - own or self._at[act, deed.moment] - own)

    def _is_sure(self, before: Deed, deed: Deed) -> bool:
        """Tell whether an act certainly stands before another."""
        if before.found.source == deed.found.source:
            return True
        return not (before.in_doubt or deed.in_doubt) and before.moment < deed.moment


def _is(deed: Deed, act: Act) -> bool:
    return deed.meaning.act is act and deed.found.event.outcome is not Outcome.FAILURE


def _who(deed: Deed) -> str:
    return short_name(deed.found.event.actor)


def approvers(history: History) -> Mapping[Meant, tuple[str, ...]]:
    """Return who approved what and did not revoke it, leaving out records that are broken."""
    names = {
        item: tuple(dict.fromkeys(short_name(f.event.actor) for f in found if stands(f)))
        for item, found in history.standing.items()
    }
    return {item: found for item, found in names.items() if found}
