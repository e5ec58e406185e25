"""Every capability has its test, and each of these tests works the dashboard by its keys."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.capabilities import MUST, Capability

REPOSITORY = Path(__file__).parents[1]
UI_TESTS = REPOSITORY / "tests" / "ui"
KEYS = {"press", "type", "highlight"}
"""What a user does, in `tests.driver` and in Pilot."""

NUMBERS = {
    *(1, 2, 4, 5, 6, 10, 12, 13, 15, 16, 17, 19, 20, 21, 23, 24, 26, 31, 32),
    *(38, 39, 40, 41, 43, 44, 45, 47, 50, 52, 53, 55, 56, 57),
    *(61, 62, 63, 64, 65, 69, 70, 71, 72, 73, 74, 75, 78, 79, 81, 84, 85, 86, 87, 90, 91),
    *(93, 94, 95, 98, 101, 102, 106),
}
"""Those that nobody can do without."""


@cache
def functions_in(path: Path) -> dict[str, ast.AST]:
    """The functions of a file, by their names."""
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name: node for node in tree.body if isinstance(node, kinds)}


@cache
def borrowed_in(path: Path) -> dict[str, Path]:
    """The files that names come from which a file takes from others below `tests`."""
    tree = ast.parse(path.read_text("utf-8"))
    taken = (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module)
    return {
        name.name: REPOSITORY.joinpath(*str(node.module).split(".")).with_suffix(".py")
        for node in taken
        if str(node.module).startswith("tests.ui.")
        for name in node.names
    }


def uses_keys(path: Path, name: str, seen: frozenset[tuple[Path, str]] = frozenset()) -> bool:
    """Whether a function presses keys, itself or through another one that it calls."""
    seen |= {(path, name)}
    functions, borrowed = functions_in(path), borrowed_in(path)
    for node in ast.walk(functions[name]):
        if isinstance(node, ast.Attribute) and node.attr in KEYS:
            return True
        if not isinstance(node, ast.Name):
            continue
        home = path if node.id in functions else borrowed.get(node.id)
        if home is None or (home, node.id) in seen or node.id not in functions_in(home):
            continue
        if uses_keys(home, node.id, seen):
            return True
    return False


def test_the_table_is_complete() -> None:
    assert sorted(one.number for one in MUST) == sorted(NUMBERS)
    assert [one.text for one in MUST if not one.tests] == []


@pytest.mark.parametrize("one", MUST, ids=lambda one: str(one.number))
def test_its_tests_work_the_dashboard_by_keyboard(one: Capability) -> None:
    for test in one.tests:
        file, _, name = test.partition("::")
        path = UI_TESTS / file
        assert path.is_file(), test
        assert name.startswith("test_"), test
        assert name in functions_in(path), test
        assert uses_keys(path, name), f"{test} presses no key"
