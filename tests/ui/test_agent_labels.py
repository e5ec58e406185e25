"""Every label, in a line each, and how often an agent asked."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from flowtui.models.agents import Agent, Contacts
from flowtui.models.ids import AgentId
from flowtui.models.work import Stint
from flowtui.ui.agent_contacts import contact_strip
from flowtui.ui.agent_labels import label_lines
from flowtui.ui.dialogs.run_edits import agents_note
from flowtui.ui.ink import text_of, width_of
from flowtui.ui.tokens import PALETTES, Palette
from tests.ui.test_agent_ahead import agent, planned

DARK = PALETTES["dark"]
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=timezone.utc)
AWAY = agent("gpu-1", "gpu", minutes_ago=31)
LIVE = [agent(f"k8s-{number}", "k8s", *["prod"][: number < 2]) for number in range(12)]


def drawn(*agents: Agent, width: int = 116, height: int = 9) -> list[str]:
    runs = [*planned("train", -0.2, 0.5, label="gpu"), *planned("load", 0.5, 9, label="k8s")]
    stints = [
        Stint(None, ("gpu",), NOW - timedelta(minutes=110), NOW - timedelta(minutes=40)),
        Stint(None, ("k8s",), NOW - timedelta(minutes=10)),
    ]
    lines = label_lines(agents, runs, stints, NOW, DARK, (width, height))
    assert all(width_of(line) <= width for line in lines)
    return [text_of(line).rstrip() for line in lines]


def test_a_label_that_nobody_serves_stands_first_with_dots_since_it_is_so() -> None:
    _, gpu, k8s, prod = drawn(AWAY, *LIVE[:3])
    assert gpu.split()[:4] == ["gpu", "▲", "none", "2"]
    assert gpu.endswith("·" * 11)
    assert k8s.split()[:5] == ["k8s", "●", "●", "●", "3"]
    assert k8s.endswith("▇▇▇▇")
    assert prod.split()[:5] == ["prod", "●", "●", "2", "0"]


def test_of_many_agents_and_of_many_labels_only_the_number_is_told() -> None:
    many = drawn(AWAY, *LIVE)
    assert many[2].split()[:3] == ["k8s", "●", "12"]
    assert drawn(AWAY, *LIVE, height=3)[1:] == [many[1], "and 2 more labels"]
    assert drawn(height=1) == []


def test_where_it_is_narrow_what_ran_is_left_out() -> None:
    title, gpu, *_ = drawn(AWAY, width=60)
    assert "taken" not in title
    assert not gpu.endswith("·")


def test_names_are_harmless() -> None:
    line = drawn(agent("a", "x\x1b[2J\ny"))[-1]
    assert line.isprintable()


def strip(one: Agent, contacts: Contacts | None, now: datetime = NOW) -> str:
    return text_of(contact_strip(one, contacts, now, DARK, 24, 10))


def test_a_strip_ends_with_the_span_that_goes_on() -> None:
    span = int(NOW.timestamp()) // 240
    asked = agent("k8s-1", "k8s")
    assert strip(asked, Contacts(240, span, (24, 12, 6))) == " " * 7 + "▄▂▄"
    later = NOW + timedelta(minutes=9)
    back = Agent(AgentId("x"), "x", "LocalAgent", (), later)
    assert strip(back, Contacts(240, span, (24,)), later) == " " * 7 + "▄  "
    assert strip(AWAY, None) == "  " + "·" * 8


def test_who_would_take_a_run_is_said_in_the_signs_that_the_terminal_has() -> None:
    def note(label: str, palette: Palette = DARK) -> str:
        return text_of(agents_note([AWAY, *LIVE[:3]], (label,), NOW, palette))

    assert note("k8s") == "● 3 agents"
    assert note("gpu") == "▲ no live agent"
    spelled = DARK.in_ascii()
    assert all(note(label, spelled).isascii() for label in ("k8s", "gpu"))
    assert note("gpu", spelled)[1:] == note("gpu")[1:]
