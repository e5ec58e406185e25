"""Words for a ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import timezone

from flowtui.models.diagnosis import diagnose
from flowtui.models.ticket import ticket_lines
from tests.models.test_diagnosis import agent, waiting


def test_it_says_what_is_needed_and_who_is_silent() -> None:
    known = waiting(
        labels=("gpu", "eu-1"),
        agents=(agent("gpu-2", "gpu", "eu-1", asked=1860), agent("k8s-1", "prod")),
    )
    run = replace(known.run, flow_name="ledger", flow_version=7)
    known = replace(known, detail=replace(known.detail, run=run))
    assert ticket_lines(known, diagnose(known), timezone.utc) == [
        "red-wasp (ledger v7) due 2026-11-20 02:56:22 UTC,"
        " still Scheduled at 03:14:22 UTC, version 1.",
        "Needs labels gpu, eu-1; 0 of 2 agents live and matching; gpu-2 silent since 02:43:22 UTC.",
        "flowtui --open r",
    ]


def test_any_other_cause_is_said_in_its_own_words() -> None:
    known = waiting(paused=True, agents=(agent("a"),))
    _, said, _ = ticket_lines(known, diagnose(known), timezone.utc)
    assert said == "The work queue is paused. (the work queue of the tenant is paused)"


def test_who_is_silent_for_days_is_told_with_the_day() -> None:
    known = waiting(agents=(agent("old", asked=400_000),))
    _, said, _ = ticket_lines(known, diagnose(known), timezone.utc)
    assert said == (
        "Has no labels; 0 of 1 agent live and matching; old silent since 2026-11-15 12:07:42 UTC."
    )


def test_names_of_flows_are_harmless() -> None:
    known = waiting(labels=("gpu\x1b[2J",), agents=(agent("a\nb", "gpu\x1b[2J", asked=1860),))
    assert all(line.isprintable() for line in ticket_lines(known, diagnose(known), timezone.utc))
