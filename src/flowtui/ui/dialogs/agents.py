"""Forgetting an agent that is gone for good."""

from __future__ import annotations

from flowtui.models.agents import Agent
from flowtui.models.text import away
from flowtui.ui.dialogs.question import Question
from flowtui.ui.screens.frame import ActionScreen


async def ask_to_remove(screen: ActionScreen, agent: Agent) -> bool:
    """Ask, then remove the agent; whether it was."""
    app = screen.flowtui
    now = app.now()
    asked = "never" if agent.last_queried is None else f"{away(now - agent.last_queried)} ago"
    alive = agent.health(now) == "healthy"
    question = Question(
        "Remove agent",
        agent.name or "agent",
        facts=(
            ("now", f"{agent.health(now)}, asked for work {asked}"),
            ("keeps", "the runs it took, which then name no agent"),
            ("sends", "delete_agent"),
        ),
        act="Remove the agent",
        warning=("It is alive: it goes on asking for work without being listed.",) if alive else (),
    )
    if not await app.push_screen_wait(question):
        return False
    await (await app.backend()).delete_agent(agent.id)
    app.say(f"{agent.name or 'The agent'} is removed.")
    screen.refresh_now()
    return True
