"""Questions that the read dialect has no words for: SQL with a name, asked through
`Transaction.rows`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Question:
    """One statement; `:name` marks an argument, `columns` gives the answer's names and types."""

    sql: str
    columns: Mapping[str, str]


RUNS_IN_QUEUE: Final = Question(
    # A run's labels must all be the agent's, and a run without labels is for an agent without any.
    # The labels are looked at before the limit, so that runs nobody here can take do not hide
    # those that somebody could. A run that is resumed has its place already.
    """
    SELECT run."id", run."state", run."labels" FROM "flow_run" AS run
    WHERE run."tenant_id" = :tenant_id
      AND (
        run."id" IN (
          SELECT due."id" FROM "flow_run" AS due
          WHERE due."state" IN (SELECT value FROM json_each(:states))
            AND due."state_start_time" <= :before
        )
        OR run."id" IN (
          SELECT task_run."flow_run_id" FROM "task_run" AS task_run
          WHERE task_run."state" IN (SELECT value FROM json_each(:states))
            AND task_run."state_start_time" <= :before
        ) AND run."state" = 'Running'
      )
      AND (json_array_length(run."labels") = 0) = (json_array_length(:labels) = 0)
      AND NOT EXISTS (
        SELECT 1 FROM json_each(run."labels") AS wanted
        WHERE wanted.value NOT IN (SELECT value FROM json_each(:labels))
      )
      AND (
        run."state" = 'Running' OR NOT EXISTS (
          SELECT 1 FROM json_each(run."labels") AS limited
          WHERE limited.value IN (SELECT value FROM json_each(:taken))
        )
      )
    ORDER BY run."state_start_time" IS NULL, run."state_start_time", run."id"
    LIMIT :limit
    """,
    {"id": "uuid", "state": "String", "labels": "jsonb"},
)

MAPPED_CHILDREN: Final = Question(
    # One row for each state the children of a mapped task run are in.
    """
    SELECT child."state" AS state, count(*) AS runs,
      min(child."start_time") AS min_start_time, max(child."end_time") AS max_end_time
    FROM "task_run" AS parent
    JOIN "task_run" AS child
      ON child."flow_run_id" = parent."flow_run_id" AND child."task_id" = parent."task_id"
      AND child."map_index" >= 0
    WHERE parent."id" = :task_run_id AND parent."map_index" < 0
    GROUP BY child."state"
    """,
    {
        "state": "String",
        "runs": "Int",
        "min_start_time": "timestamptz",
        "max_end_time": "timestamptz",
    },
)

PLACES_BY_LABEL: Final = Question(
    # How many flow runs with each label are under way, or on their way if that is asked for, too.
    # CROSS JOIN, here and below, keeps the order of the tables, as states written out make their
    # index known: the runs in these states are few, however many there have been.
    """
    SELECT label.value AS name, count(DISTINCT run."id") AS usage
    FROM "flow_run" AS run
    CROSS JOIN json_each(run."labels") AS label
    WHERE run."state" IN ('Running', 'Cancelling', 'Submitted')
      AND (run."state" <> 'Submitted' OR :submitted)
      AND run."tenant_id" = :tenant_id
      AND label.value IN (SELECT value FROM json_each(:names))
    GROUP BY label.value
    """,
    {"name": "String", "usage": "Int"},
)

PLACES_BY_TAG: Final = Question(
    # How many task runs with each tag are under way, in flow runs that are.
    """
    SELECT tag.value AS name, count(DISTINCT part."id") AS usage
    FROM "task_run" AS part
    CROSS JOIN "flow_run" AS run ON run."id" = part."flow_run_id"
    CROSS JOIN "task" ON "task"."id" = part."task_id"
    CROSS JOIN json_each("task"."tags") AS tag
    WHERE part."state" IN ('Running', 'Cancelling')
      AND run."state" IN ('Running', 'Cancelling')
      AND run."tenant_id" = :tenant_id
      AND tag.value IN (SELECT value FROM json_each(:names))
    GROUP BY tag.value
    """,
    {"name": "String", "usage": "Int"},
)

# Whether the flow group of a run has a safeguard; one that nobody switched off is on.
_HEARTBEAT_ON: Final = (
    """json_type("flow_group"."settings", '$.heartbeat_enabled') IS NOT 'false'"""
)
_LAZARUS_ON: Final = """json_type("flow_group"."settings", '$.lazarus_enabled') IS NOT 'false'"""

# A task run that is under way, waits for its time, or was handed to an agent a moment ago: the flow
# run goes on with it, whether or not a process looks after the run just now.
_GOES_ON: Final = """
    EXISTS (
      SELECT 1 FROM "task_run" AS part
      WHERE part."flow_run_id" = run."id"
        AND (
          part."state" IN (SELECT value FROM json_each(:under_way))
          OR part."state" IN (SELECT value FROM json_each(:taken))
            AND part."state_timestamp" > :since
        )
    )
"""

LOST_FLOW_RUNS: Final = Question(
    # Runs that should be under way and that nobody and nothing goes on with. A queued run without
    # a start waits in a process of its own for a free place.
    f"""
    SELECT run."id", run."times_resurrected"
    FROM "flow_run" AS run
    CROSS JOIN "flow" ON "flow"."id" = run."flow_id"
    CROSS JOIN "flow_group" ON "flow_group"."id" = "flow"."flow_group_id"
    WHERE run."state" IN ('Running', 'Submitted', 'Queued') AND run."heartbeat" <= :since
      AND (run."state" <> 'Queued' OR run."state_start_time" IS NULL)
      AND {_HEARTBEAT_ON} AND {_LAZARUS_ON}
      AND NOT {_GOES_ON}
    ORDER BY run."heartbeat", run."id"
    LIMIT :limit
    """,
    {"id": "uuid", "times_resurrected": "Int"},
)

SILENT_TASK_RUNS: Final = Question(
    # Task runs that count as running, of flow runs that have not been heard of.
    f"""
    SELECT part."id", part."flow_run_id", run."state" AS flow_run_state,
      coalesce(part."name", "task"."name") AS name, "task"."max_retries", "task"."retry_delay"
    FROM "task_run" AS part
    CROSS JOIN "flow_run" AS run ON run."id" = part."flow_run_id"
    CROSS JOIN "flow" ON "flow"."id" = run."flow_id"
    CROSS JOIN "flow_group" ON "flow_group"."id" = "flow"."flow_group_id"
    CROSS JOIN "task" ON "task"."id" = part."task_id"
    WHERE part."state" = 'Running' AND run."heartbeat" <= :since AND {_HEARTBEAT_ON}
    LIMIT :limit
    """,
    {
        "id": "uuid",
        "flow_run_id": "uuid",
        "flow_run_state": "String",
        "name": "String",
        "max_retries": "Int",
        "retry_delay": "interval",
    },
)

SILENT_FLOW_RUNS: Final = Question(
    # Flow runs that have not been heard of and that nobody but us will end.
    f"""
    SELECT run."id"
    FROM "flow_run" AS run
    CROSS JOIN "flow" ON "flow"."id" = run."flow_id"
    CROSS JOIN "flow_group" ON "flow_group"."id" = "flow"."flow_group_id"
    WHERE run."state" IN ('Cancelling', 'Running') AND run."heartbeat" <= :since
      AND {_HEARTBEAT_ON}
      AND (run."state" = 'Cancelling' OR NOT ({_LAZARUS_ON}) AND NOT {_GOES_ON})
    LIMIT :limit
    """,
    {"id": "uuid"},
)

QUESTIONS: Final[Mapping[str, Question]] = {
    "runs_in_queue": RUNS_IN_QUEUE,
    "mapped_children": MAPPED_CHILDREN,
    "places_by_label": PLACES_BY_LABEL,
    "places_by_tag": PLACES_BY_TAG,
    "lost_flow_runs": LOST_FLOW_RUNS,
    "silent_task_runs": SILENT_TASK_RUNS,
    "silent_flow_runs": SILENT_FLOW_RUNS,
}
"""Every question by its name."""
