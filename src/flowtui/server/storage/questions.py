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
    # those that somebody could.
    """
    SELECT run."id" FROM "flow_run" AS run
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
    ORDER BY run."state_start_time" IS NULL, run."state_start_time", run."id"
    LIMIT :limit
    """,
    {"id": "uuid"},
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

QUESTIONS: Final[Mapping[str, Question]] = {
    "runs_in_queue": RUNS_IN_QUEUE,
    "mapped_children": MAPPED_CHILDREN,
}
"""Every question by its name."""
