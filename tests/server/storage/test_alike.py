"""What SQLite was taught against what PostgreSQL knows: documents that contain each other, keys,
and patterns.
"""

from __future__ import annotations

import json
import random
import sqlite3
from typing import Any

from flowtui.server.storage.dialect import SQLITE
from flowtui.server.storage.functions import bring_functions, contains
from flowtui.server.storage.operators import pattern
from flowtui.server.storage.postgres_dialect import POSTGRES
from flowtui.server.storage.values import by_number
from tests.postgres import Tables

SCALARS = (None, True, False, 0, 1, 1.5, -3, "", "a", "b", "ä")


def a_document(chance: random.Random, depth: int = 3) -> Any:
    kind = chance.random()
    if depth == 0 or kind < 0.3:
        return chance.choice(SCALARS)
    if kind < 0.65:
        return [a_document(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {
        chance.choice("abcä"): a_document(chance, depth - 1) for _ in range(chance.randrange(4))
    }


def a_part(chance: random.Random, whole: Any) -> Any:
    """Something that may well be contained."""
    if isinstance(whole, dict) and whole and chance.random() < 0.8:
        return {key: a_part(chance, value) for key, value in whole.items() if chance.random() < 0.7}
    if isinstance(whole, list) and whole and chance.random() < 0.8:
        kept = [a_part(chance, one) for one in whole if chance.random() < 0.7]
        return kept[0] if kept and chance.random() < 0.2 else kept
    return whole if chance.random() < 0.9 else a_document(chance, 1)


def quoted(value: Any) -> str:
    return "'" + json.dumps(value).replace("'", "''") + "'::jsonb"


def test_documents_contain_each_other_alike(postgres_tables: Tables) -> None:
    chance = random.Random(7)
    wholes = [a_document(chance) for _ in range(600)]
    pairs = [(whole, a_part(chance, whole)) for whole in wholes]
    rows = ", ".join(f"({n}, {quoted(one)}, {quoted(part)})" for n, (one, part) in enumerate(pairs))
    found = postgres_tables.ask(
        f"SELECT whole @> part FROM (VALUES {rows}) AS pair (n, whole, part) ORDER BY n"
    )
    theirs = [bool(row[0]) for row in found]
    ours = [contains(whole, part) for whole, part in pairs]
    assert {True, False} == set(theirs)
    assert [pair for pair, a, b in zip(pairs, ours, theirs, strict=True) if a is not b] == []


def test_keys_are_found_alike(postgres_tables: Tables) -> None:
    chance = random.Random(8)
    documents = [a_document(chance, 2) for _ in range(200)]
    keys = [chance.sample("abcä", chance.randrange(4)) for _ in documents]
    ours = sqlite3.connect(":memory:")
    bring_functions(ours)
    for operator in ("_has_keys_any", "_has_keys_all"):
        there, here = [], []
        for document, wanted in zip(documents, keys, strict=True):
            sql = SQLITE.operators[operator].sql.format(c="?1", v="?2")
            given = (json.dumps(document), json.dumps(wanted))
            (found,) = ours.execute(f"SELECT {sql}", by_number(sql, given)).fetchone()
            here.append(bool(found))
            listed = "ARRAY[" + ", ".join(f"'{one}'" for one in wanted) + "]::text[]"
            there.append(POSTGRES.operators[operator].sql.format(c=quoted(document), v=listed))
        ((theirs,),) = postgres_tables.ask(f"SELECT ARRAY[{', '.join(there)}]")
        compared = zip(documents, keys, here, theirs, strict=True)
        assert [case for *case, mine, found in compared if mine is not found] == []
    ours.close()


TEXTS = (
    *("", "a", "A", "ab", "aB", "a.b", "a%b", "a_b", "a\\b", "a\nb", "[a]", "a*b"),
    *("ÄRGER", "ärger"),
)
PATTERNS = {
    "_like": " a % a% %b _ a_b a\\_b a\\%b [a] a*b %ä% a\\\\b",
    "_ilike": " A % a% %B A_B a\\_b %ÄRGER% [A] a\\\\b _rger",
    "_similar": " a % (a|ab) a.b a_b [aA]% a+ a{1} %b a|b a*",
    "_regex": " a ^a b$ a.b [aA] (a|b) \\. ^$ a+",
    "_iregex": " A ^a B$ ÄR",
}


def written(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("\n", "\\n") + "'"


def test_patterns_match_alike(postgres_tables: Tables) -> None:
    ours = sqlite3.connect(":memory:")
    bring_functions(ours)
    asked = [
        (name, one, text)
        for name, patterns in PATTERNS.items()
        for one in patterns.split(" ")
        for text in TEXTS
    ]
    here, there = [], []
    for name, one, text in asked:
        sql, operand = pattern(SQLITE.operators[name], one)
        sql = sql.format(c="?1", v="?2")
        (found,) = ours.execute(f"SELECT {sql}", by_number(sql, (text, operand))).fetchone()
        here.append(bool(found))
        sql, operand = pattern(POSTGRES.operators[name], one)
        there.append(sql.format(c=f"({written(text)}::text)", v=written(operand)))
    ours.close()
    ((theirs,),) = postgres_tables.ask(f"SELECT ARRAY[{', '.join(there)}]")
    compared = zip(asked, here, theirs, strict=True)
    assert [case for case, mine, found in compared if mine is not found] == []
