"""What takes a file back to what it was before its tables changed."""

from __future__ import annotations

UNDO = {
    2: (
        "DROP VIEW task_tag_limit",
        "DROP TABLE flow_concurrency_limit",
        "DROP TABLE task_concurrency_limit",
    ),
    3: ("DROP VIEW auth_api_key", "DROP TABLE api_key", "DROP TABLE hook_call"),
    4: (
        "DROP INDEX flow_run_by_state_timestamp",
        "DROP INDEX flow_run_by_created",
        "DROP INDEX flow_run_by_agent_id_and_scheduled_start_time",
        "DROP INDEX task_run_by_task_id_and_state_and_state_timestamp",
        "DROP INDEX task_run_by_name",
        "CREATE INDEX flow_run_by_agent_id ON flow_run (agent_id) WHERE agent_id IS NOT NULL",
        "CREATE INDEX task_run_by_task_id_and_map_index ON task_run (task_id, map_index)",
    ),
    5: ("ALTER TABLE agent DROP COLUMN contacts",),
}
"""By the version that a change led to."""


def back_to(version: int) -> str:
    """The script that makes a file of today one of that version."""
    undone = [
        one for number in sorted(UNDO, reverse=True) if number > version for one in UNDO[number]
    ]
    return "; ".join([*undone, f"PRAGMA user_version = {version}"])
