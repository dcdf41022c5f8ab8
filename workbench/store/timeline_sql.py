"""The SQL of timelines, and of conditions over several events.

Whole sets are asked at once; values are parameters.

What holds here: each statement says first how many rows there are. ``e`` are the events that are
asked for and claim a readable time; they stand in
the order of claimed time, equal times as in the evidence. A stretch is a run of such events of one
stream. Differences of times are 128 bits wide: evidence may claim the first and the last moment
that 64 bits hold.
"""

from collections.abc import Sequence

from workbench.model.event import Outcome
from workbench.model.event_batch import OUTCOMES
from workbench.store.query_sql import Parameter, Sql

#: How the events of a stream stand.
ORDER = "time_ns, source, record"
#: What two sources say in the same words of the same moment happened once: one may be a copy.
ONCE = "source = min(source) OVER (PARTITION BY time_ns, actor, action, object)"
_FAILED = OUTCOMES.index(Outcome.FAILURE)
_FAILURES = f"sum((outcome = {_FAILED:d})::INT)::BIGINT"
_STORY = ("actor", "action", "object", "outcome")

#: First and last event of a group: (time, source, record), equal times as in the evidence.
_ENDS = """
min({'t': time_ns, 's': source, 'r': record}) AS a,
max({'t': time_ns, 's': source, 'r': record}) AS z
"""
_ENDS_OUT = "a.t AS first, z.t AS last, a.s, a.r, z.s, z.r"


def timed(events: str, where: Sql) -> Sql:
    """Return the beginning of a statement: ``e``, the events that are asked for and have a time."""
    return Sql(
        f"WITH e AS (SELECT source, record, time_ns, actor, action, object, outcome FROM {events} "
        f"WHERE time_ns IS NOT NULL AND {where.text})",
        where.parameters,
    )


def streams(e: Sql, *, merged: bool) -> Sql:
    """Return it with ``t``: each event in the stream of its source, and merged in stream 0."""
    both = f" UNION ALL SELECT 0 AS stream, * FROM e QUALIFY {ONCE}" if merged else ""
    return e.within(
        "",
        f", t AS (SELECT source AS stream, * FROM e{both}), "
        f"d AS (SELECT *, lag(source) OVER w AS s, lag(record) OVER w AS r, lag(time_ns) OVER w AS "
        f"before, time_ns::HUGEINT - lag(time_ns) OVER w AS d FROM t "
        f"WINDOW w AS (PARTITION BY stream ORDER BY {ORDER})), "
        f"u AS (SELECT stream, quantile_disc(d, 0.5) AS usual FROM d WHERE d > 0 GROUP BY stream)",
    )


def gaps(e: Sql, *, merged: bool, times: int) -> Sql:
    """Return stretches without a record, longer than ``times`` the usual spacing of the stream."""
    return _then(
        streams(e, merged=merged),
        " SELECT count(*) OVER (), stream, before, time_ns, d, usual, s, r, source, "
        "record FROM d JOIN u USING (stream) WHERE d > usual * ?::HUGEINT ORDER BY d "
        "DESC, stream, before, s, r",
        times,
    )


def islands(rows: str, keys: str, least: int, span: str) -> str:
    """Return ``i``: rows in runs of at least ``least`` of one key within ``span``, with their run.

    Runs that share a row are one. ``keys`` and ``span`` are expressions of this package.
    """
    w = f"PARTITION BY {keys} ORDER BY {ORDER}"
    back = f"ROWS BETWEEN {least - 1:d} PRECEDING AND"
    return (
        f"b AS (SELECT *, coalesce(lead(time_ns, {least - 1:d}) OVER ({w})::HUGEINT - time_ns "
        f"<= {span}, false) AS starts FROM {rows}), "
        f"c AS (SELECT *, bool_or(starts) OVER ({w} {back} CURRENT ROW) AS covered, "
        f"coalesce(bool_or(starts) OVER ({w} {back} 1 PRECEDING), false) AS linked FROM b), "
        f"i AS (SELECT *, sum(CASE WHEN linked THEN 0 ELSE 1 END) OVER ({w} ROWS UNBOUNDED "
        "PRECEDING)::BIGINT AS run FROM c WHERE covered)"
    )


def bursts(e: Sql, *, merged: bool, times: int, least: int) -> Sql:
    """Return runs of ``least`` records or more that come ``times`` as fast as is usual."""
    made = streams(e, merged=merged)
    span = "usual * ?::HUGEINT // ?::HUGEINT"
    runs = islands("(SELECT t.*, usual FROM t JOIN u USING (stream))", "stream", least, span)
    return _then(
        made,
        f", {runs} SELECT count(*) OVER (), stream, {_ENDS_OUT}, n, usual, actors, who "
        f"FROM (SELECT stream, run, count(*) AS n, min(usual) AS usual, count(DISTINCT "
        f"actor) AS actors, min(actor) AS who, "
        f"{_ENDS} FROM i GROUP BY stream, run) ORDER BY n DESC, stream, first, a.s, a.r",
        least - 1,
        times,
    )


def directions(e: Sql) -> Sql:
    """Return for each source how many records claim to be later than the one before, or earlier."""
    return _then(
        e,
        ", o AS (SELECT source, time_ns, lag(time_ns) OVER (PARTITION BY source ORDER BY record) "
        "AS before FROM e) SELECT source, sum((time_ns > before)::INT)::BIGINT, "
        "sum((time_ns < before)::INT)::BIGINT FROM o GROUP BY source ORDER BY source",
    )


def regressions(e: Sql, *, backwards: Sequence[int], tolerance: int) -> Sql:
    """Return records whose clock went against the way of their source by more than allowed.

    Args:
        e: the events.
        backwards: sources that were written newest first.
        tolerance: nanoseconds.
    """
    return _then(
        e,
        ", o AS (SELECT source, record, time_ns, lag(record) OVER w AS r, lag(time_ns) OVER w AS "
        "before, CASE WHEN source IN (SELECT unnest(?::INTEGER[])) THEN -1 ELSE 1 END AS way "
        "FROM e WINDOW w AS (PARTITION BY source ORDER BY record)) "
        "SELECT count(*) OVER (), source, record, r, before, time_ns, "
        "abs(before::HUGEINT - time_ns) AS d FROM o WHERE (before::HUGEINT - time_ns) * "
        "way > ?::HUGEINT ORDER BY d DESC, source, record",
        tuple(backwards),
        tolerance,
    )


def copies(e: Sql, *, first: int, width: int) -> Sql:
    """Return for each span how many records say what an earlier source says in the same words."""
    return _then(
        e,
        " SELECT ((time_ns::HUGEINT - ?::HUGEINT) // ?::HUGEINT)::BIGINT AS bin, count(*) FROM "
        f"(SELECT * FROM e QUALIFY NOT ({ONCE})) GROUP BY bin ORDER BY bin",
        first,
        width,
    )


def folded(e: Sql, *, least: int, by_time: bool) -> Sql:
    """Return events with what follows and says the same folded into one, with counts."""
    same = " AND ".join(f"{c} IS NOT DISTINCT FROM lag({c}) OVER w" for c in _STORY)
    order = "first, a.s, a.r" if by_time else "n DESC, first, a.s, a.r"
    return _then(
        e,
        f", f AS (SELECT *, ({same} AND lag(time_ns) OVER w IS NOT NULL) AS same FROM e "
        f"WINDOW w AS (ORDER BY {ORDER})), "
        f"g AS (SELECT *, sum((NOT same)::INT) OVER (ORDER BY {ORDER} ROWS UNBOUNDED PRECEDING) "
        f"AS run FROM f) SELECT count(*) OVER (), {_ENDS_OUT}, n, actor, action, object, "
        f"outcome FROM (SELECT run, count(*) AS n, any_value(actor) AS actor, "
        f"any_value(action) AS action, any_value(object) "
        f"AS object, any_value(outcome) AS outcome, {_ENDS} FROM g GROUP BY run) "
        f"WHERE n >= ? ORDER BY {order}",
        least,
    )


def seen(e: Sql, by: str) -> Sql:
    """Return when each actor, action or object was seen first and last; newcomers first."""
    return _then(
        e,
        f" SELECT count(*) OVER (), {by}, {_ENDS_OUT}, n FROM (SELECT {by}, count(*) AS n, "
        f"{_ENDS} FROM e WHERE {by} IS NOT NULL GROUP BY {by}) ORDER BY first DESC, a.s, a.r",
    )


def pivots(e: Sql) -> Sql:
    """Return who did what to what, how often, and how often it failed."""
    return _then(
        e,
        f" SELECT count(*) OVER (), actor, action, object, {_ENDS_OUT}, n, failed FROM ("
        f"SELECT actor, action, object, count(*) AS n, {_FAILURES} AS failed, {_ENDS} FROM e "
        "GROUP BY ALL) "
        "ORDER BY n DESC, first, a.s, a.r",
    )


def sessions(e: Sql, *, quiet: int) -> Sql:
    """Return what each actor did without a pause longer than ``quiet`` nanoseconds."""
    w = f"PARTITION BY actor ORDER BY {ORDER}"
    return _then(
        e,
        f", f AS (SELECT *, coalesce(time_ns::HUGEINT - lag(time_ns) OVER ({w}) > ?::HUGEINT, true)"
        f" AS starts FROM e WHERE actor IS NOT NULL), g AS (SELECT *, sum(starts::INT) OVER ({w} "
        "ROWS UNBOUNDED PRECEDING) AS run FROM f) "
        f"SELECT count(*) OVER (), actor, {_ENDS_OUT}, n, failed, actions, objects FROM ("
        f"SELECT actor, run, count(*) AS n, {_FAILURES} AS failed, count(DISTINCT action) "
        f"AS actions, "
        f"count(DISTINCT object) AS objects, {_ENDS} FROM g GROUP BY actor, run) "
        "ORDER BY first, a.s, a.r",
        quiet,
    )


def outside(hours: "Hours", e: Sql) -> Sql:
    """Return it with ``x``: the events outside working hours."""
    starts, offsets, days, first, last = hours
    return _then(
        e,
        ", z AS (SELECT unnest(?::BIGINT[]) AS since, unnest(?::BIGINT[]) AS off), "
        "l AS (SELECT e.*, time_ns::HUGEINT + off AS local FROM e ASOF JOIN z "
        "ON time_ns >= since), "
        f"m AS (SELECT *, ((local % {_DAY} + {_DAY}) % {_DAY})::BIGINT AS rest FROM l), "
        f"x AS (SELECT * FROM m WHERE rest // {_MINUTE} < ? OR rest // {_MINUTE} >= ? OR "
        f"(((local - rest) // {_DAY} + 3) % 7 + 7) % 7 NOT IN (SELECT unnest(?::INTEGER[])))",
        starts,
        offsets,
        first,
        last,
        days,
    )


_MINUTE, _DAY = 60_000_000_000, 86_400_000_000_000
#: Since when which offset holds, days, first minute, minute before which it ends.
Hours = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], int, int]


def off_hours(e: Sql, hours: Hours) -> Sql:
    """Return who did what outside working hours, of how many in all."""
    return _then(
        outside(hours, e),
        f" SELECT count(*) OVER (), actor, action, {_ENDS_OUT}, n, total FROM ("
        f"SELECT actor, action, count(*) AS n, {_ENDS} FROM x GROUP BY actor, action) AS "
        f"o JOIN (SELECT actor AS ta, action AS tb, "
        "count(*) AS total FROM e GROUP BY ALL) AS k ON actor IS NOT DISTINCT FROM ta AND action "
        "IS NOT DISTINCT FROM tb ORDER BY n DESC, first, a.s, a.r",
    )


def around(e: Sql, *, at: int, within: int) -> Sql:
    """Return the events within a span of a moment, the nearest first."""
    return _then(
        e,
        " SELECT count(*) OVER (), time_ns::HUGEINT - ?::HUGEINT AS d, time_ns, source, "
        "record, actor, "
        "action, object, outcome FROM e WHERE abs(time_ns::HUGEINT - ?::HUGEINT) <= ?::HUGEINT "
        "ORDER BY abs(d), source, record",
        at,
        at,
        within,
    )


def _then(e: Sql, sql: str, *more: Parameter) -> Sql:
    return Sql(e.text + sql, (*e.parameters, *more))
