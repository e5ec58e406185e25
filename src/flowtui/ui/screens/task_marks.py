"""Task runs that are marked in the table of a run, and set to a state together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flowtui.models.tasks import TaskRun
from flowtui.ui.bulk import BulkDeed
from flowtui.ui.screens.bulk_actions import BulkActions
from flowtui.ui.task_deeds import TASK_DEEDS
from flowtui.ui.task_rows import TaskRow


class TaskMarks(BulkActions):
    """A page whose list has a row a task run."""

    deeds = TASK_DEEDS

    def records_of(self, rows: Sequence[TaskRow]) -> list[TaskRun]:
        """The task runs of rows; a strip of children is none."""
        return [row.task for row in rows if not row.is_strip]

    async def do_to_many(self, deed: BulkDeed[Any], records: Sequence[Any]) -> None:
        await super().do_to_many(deed, records)
        table, key = self.list_table, deed.kind.key
        acted = {key(record) for record in records}
        table.unmark([table.key(row) for row in table.marked if key(row.task) in acted])
