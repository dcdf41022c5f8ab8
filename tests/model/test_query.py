"""The query language reads as VERDICTS section 9 has it, and says where it does not understand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import QueryError
from workbench.model.query import (
    MOST_NESTING,
    And,
    Anywhere,
    Between,
    Compare,
    Node,
    Not,
    Op,
    Or,
    Pattern,
    Present,
    Span,
    parse,
)
from workbench.model.query_fields import FIELDS, Area

EVENTS = FIELDS[Area.EVENTS]
DAY = Span(1775001600 * 10**9, 1775088000 * 10**9 - 1)  # 1 April 2026, UTC


def field(name: str, area: Area = Area.EVENTS):
    found = FIELDS[area].find(name)
    assert found is not None
    return found


def has(name: str, value: object) -> Compare:
    return Compare(field(name), Op.HAS, value)


UNDERSTOOD: dict[str, Node | None] = {
    "": None,
    "   ": None,
    "ann": Anywhere("ann"),
    '"two words"': Anywhere("two words"),
    r'"a \"b\" \\"': Anywhere('a "b" \\'),
    r"/a\/b/": Anywhere(Pattern("a/b", 0)),
    "a b": And((Anywhere("a"), Anywhere("b"))),
    "a AND b": And((Anywhere("a"), Anywhere("b"))),
    "a b OR c": Or((And((Anywhere("a"), Anywhere("b"))), Anywhere("c"))),
    "a (b OR c)": And((Anywhere("a"), Or((Anywhere("b"), Anywhere("c"))))),
    "NOT a": Not(Anywhere("a")),
    "-a": Not(Anywhere("a")),
    "-(a b)": Not(And((Anywhere("a"), Anywhere("b")))),
    "a-b": Anywhere("a-b"),
    "or": Anywhere("or"),
    "ORDER": Anywhere("ORDER"),
    "actor:ann": has("actor", "ann"),
    "ACTOR:ann": has("actor", "ann"),
    "actor=ann": Compare(field("actor"), Op.EQUAL, "ann"),
    "actor!=ann": Compare(field("actor"), Op.DIFFERS, "ann"),
    'actor:"a b"': has("actor", "a b"),
    "actor:/^ci-/": has("actor", Pattern("^ci-", 6)),
    "actor:*": Present(field("actor")),
    "-actor:*": Not(Present(field("actor"))),
    "actor:*x": has("actor", "*x"),
    "object:models:/credit/1": has("object", "models:/credit/1"),
    "level>=2": Compare(field("level"), Op.AT_LEAST, 2),
    "level:[1..3]": Between(field("level"), 1, 3),
    "record<10": Compare(field("record"), Op.LESS, 10),
    "time:2026-04-01": has("time", DAY),
    "time>=2026-04-01T00:00:00Z": Compare(field("time"), Op.AT_LEAST, Span(DAY.first, DAY.first)),
    "time:2026-04-01T02:00:00.000000001+02:00": has("time", Span(DAY.first + 1, DAY.first + 1)),
    "time:[2026-04-01..2026-04-01]": Between(field("time"), DAY, DAY),
    "time:[ 2026-04-01 .. 2026-04-01 ]": Between(field("time"), DAY, DAY),
    'actor:["a..b".."c"]': Between(field("actor"), "a..b", "c"),
    "outcome:SUCCESS": has("outcome", "success"),
    "flag:broken": has("flag", "broken"),
}

#: What is wrong, and at which character (from 0).
REFUSED = {
    "(a": 0,
    "a)": 1,
    "()": 1,
    "a OR": 4,
    "OR a": 0,
    "a AND OR b": 6,
    "NOT NOT a": 4,
    "NOT": 3,
    '"a': 0,
    '"a"b': 3,
    "/a": 0,
    "/a/b": 3,
    "actor:": 6,
    "actor:/x": 6,
    "actor=/x/": 6,
    "nobody:ann": 0,
    "models:/x": 0,
    "level:many": 6,
    "level:nan": 6,
    "level>": 6,
    "time:yesterday": 5,
    "time:2026-04-01T12:00": 5,
    "time:2026-02-30": 5,
    "time:[2026-04-01]": 16,
    "time:[2026-04-01..2026-04-02": 28,
    "time:[..2026-04-02]": 6,
    "outcome:done": 8,
    "outcome<success": 7,
    "outcome:[a..b]": 7,
    "flag>broken": 4,
}


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_query_means_what_the_contract_says(text: str) -> None:
    assert parse(text, EVENTS) == UNDERSTOOD[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_understood_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text, EVENTS)
    assert refused.value.offset == REFUSED[text]
    assert refused.value.message.endswith(".")
    assert refused.value.place == f"character {REFUSED[text] + 1}"


def test_attributes_are_fields_of_their_family() -> None:
    found = field("tag.Approved.By", Area.THINGS)
    assert (found.name, found.group) == ("Approved.By", "tag")
    assert FIELDS[Area.THINGS].find("tag.") is None
    assert EVENTS.find("tag.x") is None


def test_query_is_never_deep_and_never_long() -> None:
    deep = MOST_NESTING + 1
    with pytest.raises(QueryError, match="nested"):
        parse("(" * deep + "a" + ")" * deep, EVENTS)
    with pytest.raises(QueryError, match="terms"):
        parse("a " * 501, EVENTS)
    with pytest.raises(QueryError, match="characters"):
        parse("a" * 10_001, EVENTS)


@given(st.text(alphabet='abc:*/[]().."-<>=! \\ANDORTactorlevel', max_size=40))
def test_any_text_is_understood_or_refused_with_a_place(text: str) -> None:
    try:
        parse(text, EVENTS)
        place = 0
    except QueryError as refused:
        place = refused.offset
    assert 0 <= place <= len(text)


@pytest.mark.parametrize("area", Area)
def test_every_field_can_be_completed_and_found(area: Area) -> None:
    for one in FIELDS[area].completions():
        assert one.title
        assert FIELDS[area].find(f"{one.name}x" if one.name.endswith(".") else one.name)
    assert [f.name for f in EVENTS.completions("ac")] == ["actor", "action"]
