"""Limiting labels and tags, changing the limits, and taking them away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowtui.client.limits import DELETIONS, UPDATES
from flowtui.models.limits import LABEL, Limit
from flowtui.models.text import amount, plain
from flowtui.ui.dialogs.form import Entry, Form
from flowtui.ui.dialogs.question import Question

if TYPE_CHECKING:
    from flowtui.ui.screens.limits import LimitsScreen

MOST = 2_147_483_647
"""What fits into the backend's numbers."""


def _number(text: str) -> str:
    """What is wrong with a limit."""
    if not text:
        return "how many?"
    if not (text.isascii() and text.isdigit()):
        return "a whole number is expected, 0 or more"
    return "" if int(text) <= MOST else f"{MOST} is the most there is"


def _runs(kind: str) -> str:
    return "flow runs" if kind == LABEL else "task runs"


async def ask_for_new_limit(screen: LimitsScreen, kind: str) -> None:
    """Ask for a label or a tag and a number, and limit it."""
    app = screen.flowtui
    taken = {one.name for one in screen.listing.records if one.kind == kind}

    def name_problem(text: str) -> str:
        if not text:
            return f"a {kind} is expected"
        return "it is limited already; x e changes that" if text in taken else ""

    form = Form(
        f"Limit a {kind}",
        "",
        (
            Entry(kind, check=name_problem, required=True),
            Entry("at once", check=_number, required=True, placeholder="a number"),
        ),
        facts=(
            ("then", f"at most so many {_runs(kind)} with this {kind} run at once; more wait"),
            ("sends", UPDATES[kind]),
        ),
        act="Set the limit",
        leave="Limit nothing",
    )
    if await app.push_screen_wait(form):
        name, number = form.values
        await _set(screen, kind, name, int(number))


async def ask_to_change_limit(screen: LimitsScreen, limit: Limit) -> None:
    """Ask for another number, and set it."""
    app = screen.flowtui
    form = Form(
        "Change limit",
        f"{limit.kind} {limit.name}",
        (Entry("at once", str(limit.limit), _number, note=f"now {limit.used} run"),),
        facts=(
            ("now", f"at most {amount(limit.limit, limit.runs)} at once, {limit.used} taken"),
            ("then", "what runs goes on, also where it is more than the new limit"),
            ("sends", UPDATES[limit.kind]),
        ),
        act="Set the limit",
    )
    number = await form.only_value(app)
    if number is not None:
        await _set(screen, limit.kind, limit.name, int(number))


async def _set(screen: LimitsScreen, kind: str, name: str, number: int) -> None:
    app = screen.flowtui
    await (await app.backend()).set_limit(kind, name, number)
    app.say(f"At most {number} {_runs(kind)} with the {kind} {plain(name)} run at once.")
    screen.refresh_now()


async def ask_to_delete_limit(screen: LimitsScreen, limit: Limit) -> None:
    """Ask, then let as many run as want to."""
    app = screen.flowtui
    question = Question(
        "Delete limit",
        f"{limit.kind} {limit.name}",
        facts=(
            ("now", f"at most {amount(limit.limit, limit.runs)} at once, {limit.used} taken"),
            ("then", f"as many {limit.runs}s with this {limit.kind} run as want to"),
            ("sends", DELETIONS[limit.kind]),
        ),
        act="Delete the limit",
    )
    if not await app.push_screen_wait(question):
        return
    await (await app.backend()).delete_limit(limit)
    app.say(f"The {limit.kind} {plain(limit.name)} is limited no longer.")
    screen.refresh_now()
