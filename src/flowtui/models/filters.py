"""Filters: one small language for every list.

    etl                       its name has this in it, in upper or lower case
    orders-*  /^v[0-9]+/      patterns of the whole name, and regular expressions
    state:failed,late         one of several; a state stands for its whole family
    !state:success  !test     not these
    param:date=2021-*  since:2h  time:>10m  flow:"two words"

All conditions have to hold. What may stand before the colon is declared, a field each, for every
kind of record (see `filter_fields`); help and completion follow from the declarations. A text that
makes no sense is never an exception: it is a Problem with a column, and the rest of the text holds.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from flowtui.frozen import frozen
from flowtui.models.conditions import PLAIN, VAGUE, Condition, Meaning, all_of, none_of, one_of
from flowtui.models.filter_texts import QUOTES, last_value, quoted, start_of_term

R = TypeVar("R")
Test = Callable[[R], bool]
Compare = Callable[[Any], bool]
"""Whether the value of a field is one that was asked for."""

OFFERED = 40
"""Completions that are found at most; nobody reads more."""

_FIELD = re.compile(r"([A-Za-z][\w-]*):")
_KEY = re.compile(r"[^\s,=\"]+")
_WORD = re.compile(r"[^\s,]+")
_ID = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}", re.I)


@frozen
class Problem:
    """What of a filter was not understood."""

    message: str
    column: int
    """Counts characters of the text from 0."""
    unfinished: bool = False
    """It may become right if one goes on typing."""

    def __str__(self) -> str:
        return f"column {self.column + 1}: {self.message}"


class Misread(ValueError):
    """A value that does not fit its field."""

    def __init__(self, message: str, column: int, unfinished: bool = False) -> None:
        super().__init__(message)
        self.problem = Problem(message, column, unfinished)


@frozen
class Today:
    """What relative times are relative to, and the zone that clock times are in."""

    now: datetime
    zone: tzinfo | None = None


@frozen
class Value:
    """One of the values behind a colon, or a word that stands alone."""

    text: str
    column: int
    form: str = "word"
    """word, quoted or regex."""
    key: str = ""
    """Of a keyed field: what stands before the `=`."""
    is_bare_key: bool = False
    """There is no `=`."""


@frozen
class Kind:
    """What may stand behind a field's colon, and how a record's value is compared with it."""

    expects: str
    read: Callable[[Value, Today], Compare]
    offers: tuple[str, ...] = ()
    """Values that can always be completed."""
    keyed: bool = False
    """Values are `key=value`."""


@frozen
class FilterField(Generic[R]):
    """Something that a record can be asked for by name."""

    name: str
    doc: str
    kind: Kind
    value: Callable[[R, datetime], Any]
    offers: Callable[[R], Iterable[str]] | None = None
    """What a record adds to the values that can be completed."""
    example: str = ""
    asks: Callable[[Value, Today], Meaning] | None = None
    """What a backend can be asked for instead of looking at every record."""


@frozen
class Term(Generic[R]):
    """One condition of a filter: a test of a record, and what it means to a backend."""

    test: Test[R]
    meaning: Meaning = VAGUE


@frozen
class Filter(Generic[R]):
    """A text as it was understood: the tests that a record must pass."""

    text: str = ""
    tests: tuple[Test[R], ...] = ()
    problem: Problem | None = None
    meaning: Meaning = PLAIN

    @property
    def is_active(self) -> bool:
        """Whether it can hide anything."""
        return bool(self.tests)

    @property
    def condition(self) -> Condition:
        """What a backend can be asked for; it may give more than was asked for here."""
        return self.meaning.condition

    def matches(self, record: R) -> bool:
        """Whether the record is one of those that were asked for."""
        return all(test(record) for test in self.tests)


@frozen
class Completion:
    """What can stand at a place of a text instead of what was begun there."""

    start: int
    end: int
    options: tuple[str, ...] = ()

    def applied(self, text: str, option: str) -> tuple[str, int]:
        """The text with an option in its place, and where one goes on typing."""
        return text[: self.start] + option + text[self.end :], self.start + len(option)


@frozen
class Language(Generic[R]):
    """The filters of one kind of record."""

    noun: str
    """What the records are called, one of them."""
    words: Callable[[R], Sequence[str]]
    """What a word without a field is looked for in."""
    ids: Callable[[R], Sequence[str]]
    """What a word that looks like an id, or the beginning of one, is looked for in too."""
    words_doc: str
    fields: tuple[FilterField[R], ...] = field(default=())
    words_ask: Callable[[Value, Today], Meaning] | None = None
    """What a word without a field means to a backend."""

    def parse(self, text: str, now: datetime, zone: tzinfo | None = None) -> Filter[R]:
        """The filter that a text means now; never raises."""
        return _Reader(self, text, Today(now, zone)).filter()

    def field(self, name: str) -> FilterField[R] | None:
        """The field of that name."""
        wanted = name.casefold()
        return next((one for one in self.fields if one.name == wanted), None)

    def complete(self, text: str, cursor: int, records: Iterable[R]) -> Completion:
        """What can stand where the cursor is: names of fields, or values of one."""
        start = start_of_term(text, cursor)
        begun = text[start:cursor]
        if begun.startswith("!"):
            start, begun = start + 1, begun[1:]
        named = _FIELD.match(begun)
        if named is None:
            names = [f"{one.name}:" for one in self.fields if one.name.startswith(begun.casefold())]
            return Completion(start, cursor, tuple(names))
        known = self.field(named.group(1))
        if known is None:
            return Completion(cursor, cursor)
        start += named.end() + last_value(begun[named.end() :])
        options = _options(known, text[start:cursor].lstrip(QUOTES), records)
        return Completion(start, cursor, options)


# Reading ------------------------------------------------------------------------------------------


class _Reader(Generic[R]):
    """Goes through a text once, from left to right."""

    def __init__(self, language: Language[R], text: str, today: Today) -> None:
        self.language = language
        self.text = text
        self.today = today
        self.at = 0

    def filter(self) -> Filter[R]:
        terms: list[Term[R]] = []
        problem: Problem | None = None
        while self._skip_blanks():
            try:
                terms.append(self._term())
            except Misread as misread:
                problem = problem or misread.problem
                self._skip_term()
        tests = tuple(one.test for one in terms)
        return Filter(self.text.strip(), tests, problem, all_of(one.meaning for one in terms))

    @property
    def rest(self) -> str:
        return self.text[self.at :]

    def _skip_blanks(self) -> bool:
        """Go to what is not blank; whether there is such a place."""
        self.at = len(self.text) - len(self.rest.lstrip())
        return self.at < len(self.text)

    def _skip_term(self) -> None:
        while self.rest[:1] and not self.rest[0].isspace():
            self.at += 1

    def _term(self) -> Term[R]:
        negated = self.rest.startswith("!")
        self.at += negated
        named = _FIELD.match(self.rest)
        term = self._condition(named.group(1)) if named else self._word()
        if not negated:
            return term
        return Term(lambda record: not term.test(record), none_of(term.meaning))

    def _asked(
        self, asks: Callable[[Value, Today], Meaning] | None, values: Sequence[Value]
    ) -> Meaning:
        return VAGUE if asks is None else one_of(asks(value, self.today) for value in values)

    def _word(self) -> Term[R]:
        expects = "a part of a name, or a field such as " + self.language.fields[0].name + ":"
        values = self._values(expects)
        found = [pattern(value) for value in values]
        ids = tuple(value.text.lower() for value in values if _ID.fullmatch(value.text))
        words, ids_of = self.language.words, self.language.ids

        def test(record: R) -> bool:
            if ids and any(known.startswith(ids) for known in ids_of(record)):
                return True
            return any(one(text) for text in words(record) for one in found)

        return Term(test, self._asked(self.language.words_ask, values))

    def _condition(self, name: str) -> Term[R]:
        known = self.language.field(name)
        if known is None:
            names = [one.name for one in self.language.fields]
            near = get_close_matches(name, names, cutoff=0.5)
            there = ", ".join([*near, *(one for one in names if one not in near)])
            raise Misread(f"no field is called {name!r}; there are {there}", self.at)
        self.at += len(name) + 1
        kind, now, value_of = known.kind, self.today.now, known.value
        values = self._values(kind.expects, kind)
        compares = [kind.read(value, self.today) for value in values]

        def test(record: R) -> bool:
            value = value_of(record, now)
            return any(compare(value) for compare in compares)

        return Term(test, self._asked(known.asks, values))

    def _values(self, expects: str, kind: Kind | None = None) -> list[Value]:
        """What is separated by commas, up to the next blank."""
        values = [self._value(expects, kind, "")]
        while self.rest.startswith(","):
            self.at += 1
            values.append(self._value(expects, kind, values[-1].key))
        if self.rest[:1] and not self.rest[0].isspace():
            raise Misread("a comma or a blank is expected here", self.at)
        return values

    def _value(self, expects: str, kind: Kind | None, key: str) -> Value:
        column = self.at
        if kind is not None and kind.keyed:
            named = _KEY.match(self.rest)
            follows = self.rest[named.end() : named.end() + 1] if named else ""
            if named and follows == "=":
                key = named.group(0)
                self.at += len(key) + 1
                expects = f"a value of {key}"
            elif named and not key:
                self.at += named.end()
                return Value("", column, key=named.group(0), is_bare_key=True)
        first = self.rest[:1]
        if not first or first.isspace() or first == ",":
            raise Misread(f"{expects} is expected here", self.at, self.at == len(self.text))
        if first in QUOTES:
            return Value(self._up_to(first, "quote"), column, "quoted", key)
        if first == "/":
            inside = self.at + 1
            return Value(self._up_to(first, "/"), inside, "regex", key)
        word = _WORD.match(self.rest)
        assert word is not None
        self.at += word.end()
        return Value(word.group(0), column, key=key)

    def _up_to(self, end: str, name: str) -> str:
        """The text between here and the same sign again; a backslash makes it an ordinary one."""
        start = self.at
        found = re.compile(rf"(?:[^{end}\\]|\\.)*", re.S).match(self.text, start + 1)
        assert found is not None
        if self.text[found.end() : found.end() + 1] != end:
            self.at = len(self.text)
            raise Misread(f"the {name} that opens here is not closed", start, True)
        self.at = found.end() + 1
        inner = found.group(0).replace("\\" + end, end)
        return inner if end == "/" else inner.replace("\\\\", "\\")


def pattern(value: Value, whole: bool = False) -> Callable[[str], bool]:
    """How a text is compared: a regular expression, a pattern with `*` and `?`, or the text itself:
    a part of the whole, or, if the whole is asked for, just as it is. Raises Misread."""
    if value.form == "regex":
        return _regex(value)
    if value.form == "word" and ("*" in value.text or "?" in value.text):
        signs = {"*": ".*", "?": "."}
        shape = "".join(signs.get(sign) or re.escape(sign) for sign in value.text)
        compiled = re.compile(shape, re.I | re.S)
        return lambda text: compiled.fullmatch(text) is not None
    if whole:
        return lambda text: text == value.text
    wanted = value.text.casefold()
    return lambda text: wanted in text.casefold()


def _regex(value: Value) -> Callable[[str], bool]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(value.text, re.I)
    except re.error as error:
        at = value.column + (error.pos or 0)
        raise Misread(f"this is no regular expression: {error.msg}", at) from None
    except (OverflowError, RecursionError):
        raise Misread("this regular expression is too large", value.column) from None
    return lambda text: compiled.search(text) is not None


# Completion ---------------------------------------------------------------------------------------


def _options(known: FilterField[R], begun: str, records: Iterable[R]) -> tuple[str, ...]:
    """Values that go on from what was begun, then those that have it in them."""
    offered = dict.fromkeys(known.kind.offers)
    if known.offers is not None:
        met = {text for record in records for text in known.offers(record) if text}
        offered.update(dict.fromkeys(sorted(met, key=str.casefold)))
    wanted = begun.casefold()
    if known.kind.keyed and "=" not in begun:
        offered = dict.fromkeys(one.partition("=")[0] + "=" for one in offered)
    first = [one for one in offered if one.casefold().startswith(wanted)]
    others = [one for one in offered if wanted in one.casefold() and one not in first]
    return tuple(quoted(one, known.kind.keyed) for one in [*first, *others][:OFFERED])
