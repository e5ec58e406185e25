"""Why a run does not run, in the words that one pastes into a ticket."""

from __future__ import annotations

from datetime import datetime, tzinfo

from flowtui.models.diagnosis import Circumstances, Diagnosis, takers_last_seen
from flowtui.models.text import amount, clock, plain, zone_name


def ticket_lines(known: Circumstances, diagnosis: Diagnosis, zone: tzinfo | None) -> list[str]:
    """What it waits for, since when, and the command that opens it."""
    run = known.run
    state = f"{run.state.type} at {_clock(known.now, zone)}, version {run.state.version}"
    named = f"{plain(run.name)} ({plain(run.flow_name)} v{run.flow_version})"
    due = f"{known.due.astimezone(zone).date()} {_clock(known.due, zone)}"
    said = f"{diagnosis.headline} ({diagnosis.detail})" if diagnosis.detail else diagnosis.headline
    if diagnosis.cause is not None and diagnosis.cause.name == "agent":
        said = _of_agents(known, zone)
    return [f"{named} due {due}, still {state}.", plain(said), f"flowtui --open {run.id}"]


def _of_agents(known: Circumstances, zone: tzinfo | None) -> str:
    labels = ", ".join(known.run.labels)
    needs = f"Needs {'label' if len(known.run.labels) == 1 else 'labels'} {labels}"
    said = f"{needs if labels else 'Has no labels'}; "
    said += f"{len(known.live_takers)} of {amount(len(known.agents), 'agent')} live and matching"
    takers = takers_last_seen(known)
    if takers and takers[0].last_queried is not None:
        said += f"; {takers[0].name} silent since {_clock(takers[0].last_queried, zone, known.now)}"
    return f"{said}."


def _clock(when: datetime, zone: tzinfo | None, now: datetime | None = None) -> str:
    told = f"{clock(when, zone)} {zone_name(when, zone)}"
    local = when.astimezone(zone).date()
    is_other_day = now is not None and local != now.astimezone(zone).date()
    return f"{local} {told}" if is_other_day else told
