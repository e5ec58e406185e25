"""The versions of a flow: how each fared, and what changed between any two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer

from flowtui.models.attention import Failure
from flowtui.models.filter_fields import VERSIONS
from flowtui.models.flow_tasks import FlowTask
from flowtui.models.flows import FlowGroup, FlowVersion
from flowtui.models.ids import FlowId
from flowtui.models.version_changes import changes
from flowtui.ui.actions import action
from flowtui.ui.feeds import Snapshot
from flowtui.ui.going_back import going_back_lines
from flowtui.ui.ink import Piece, blank, cut_before
from flowtui.ui.listing import Listing, OwnOrder
from flowtui.ui.paint import wrapped
from flowtui.ui.pane_ages import Question
from flowtui.ui.screens.flow_page import LOWEST, FlowPage, FlowPane, known
from flowtui.ui.screens.frame import TALL, WIDE
from flowtui.ui.success import success_lines
from flowtui.ui.tokens import Palette
from flowtui.ui.version_columns import version_columns
from flowtui.ui.version_diff import diff_lines, place_rows
from flowtui.ui.version_facts import version_lines
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

TASKS_INTERVAL = 60.0
"""Seconds; the tasks of a version stay as they were registered."""
ROOMY = 36
"""Rows from which on there is room under all else for how to go back."""
HIGH = 50
"""Rows from which on there is room under that for the facts of the version under the cursor."""
ONLY_ONE = "It is the only version yet. What the next one changes will stand beside it."
RESTING = 0.1
"""Seconds after which the cursor has come to rest."""


def on_active_version(screen: Any) -> str | None:
    """The cursor is on a version that is not archived."""
    if screen.shown_pane.name_of_pane != "versions" or screen.version is None:
        return "choose a version first, with V"
    return "it is archived already" if screen.version.archived else None


def on_a_version(screen: Any) -> str | None:
    """The cursor is on a version."""
    chosen = isinstance(screen.shown_pane, VersionsPane) and screen.shown_pane.version
    return None if chosen else "choose a version first, with V"


def on_a_pair(screen: Any) -> str | None:
    """There are two versions to compare."""
    if screen.group is None or len(screen.group.versions) < 2:
        return "the flow has one version only"
    return None if screen.shown_pane.pair else "there is no version before this one; mark another"


def on_more_changes(screen: Any) -> str | None:
    """Not all that changed is to be seen."""
    pane = screen.versions_pane
    return None if pane.is_comparing and pane.is_cut else "all that changed is to be seen"


class VersionsPane(FlowPane):
    """The history of a flow's versions, and two of them side by side."""

    name_of_pane = "versions"
    title = "Versions"
    table_id = "versions-table"
    list_title = "versions"

    SCOPED_CSS = False
    DEFAULT_CSS = """
    VersionsPane #beside { width: 1fr; scrollbar-size: 0 0; }
    VersionsPane #history-of-versions { width: 56; margin-right: 2; }
    VersionsPane #success { display: none; padding: 0 2; margin-top: 1; }
    .-wide.-tall VersionsPane #success { display: block; }
    .-broad VersionsPane #history-of-versions { width: 80; }
    .-narrow VersionsPane #history-of-versions { width: 1fr; margin: 0; }
    VersionsPane.-tells Horizontal { layout: vertical; }
    VersionsPane.-tells #history-of-versions { height: auto; }
    VersionsPane.-tells #beside { display: block; margin-top: 1; padding: 0 2; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_comparing = True
        self._tasks_of: dict[str, Sequence[FlowTask]] = {}
        self._failures: dict[FlowId, Failure] = {}
        self._failed_then: dict[FlowId, int] = {}
        """How many of the runs of a version had failed when that was asked for."""
        self._shown: list[list[Piece]] = []
        """What changed, as it was painted last beside the list."""
        self._knows_creators = False
        self._resting: Timer | None = None
        """Runs out when the cursor has come to rest on a pair."""

    def compose(self) -> ComposeResult:
        with Horizontal():
            with Vertical(id="history-of-versions"):
                yield self.make_filter_line()
                yield self.make_table(
                    lambda version: version.id, "Asking for versions …", marks=True
                )
                yield Lines(self._paint_success, id="success")
            with VerticalScroll(id="beside", classes="beside", can_focus=False):
                yield Lines(self._paint_beside, ground="bg1", id="version")

    # What is chosen

    @property
    def version(self) -> FlowVersion | None:
        """The version under the cursor."""
        found: FlowVersion | None = self.table.record
        return found

    @property
    def pair(self) -> tuple[FlowVersion, FlowVersion] | None:
        """The older and the newer of those that are compared: two that are marked, else the one
        under the cursor with the marked one, or with the one before it."""
        group, here = self.page.group, self.version
        if group is None or here is None:
            return None
        marked = self.table.marked[-2:]
        chosen = marked if len(marked) == 2 else [*marked, here]
        if len(chosen) == 2 and chosen[0].id != chosen[1].id:
            older, newer = sorted(chosen, key=lambda one: one.version)
            return older, newer
        before = next((one for one in group.versions if one.version < here.version), None)
        return (before, here) if before is not None else None

    def _letter(self, version: FlowVersion) -> str:
        """A for the older one of the pair, B for the newer one."""
        pair = self.pair if self.is_comparing and self.is_mounted else None
        if pair is None:
            return " "
        return "A" if version.id == pair[0].id else "B" if version.id == pair[1].id else " "

    # Its list and its feeds

    def make_listing(self) -> Listing[FlowVersion]:
        app, page = self.flowtui, self.page
        return Listing(
            app.memory,
            ("versions", page.group_id),
            VERSIONS,
            lambda: version_columns(
                page.shown_now, lambda: app.zone, self._letter, self._knows_creators
            ),
            OwnOrder("newest first", lambda versions, now: versions),
            zone=app.zone,
        )

    def sources(self) -> list[Question]:
        wanted, found = self._unknown, []
        if wanted:
            feed = self.flowtui.feed(
                ("version tasks", *wanted),
                lambda backend: backend.flow_tasks(wanted),
                TASKS_INTERVAL,
            )
            found.append(Question(feed, partial(self._show_tasks, wanted), ("version",)))
        failed = self._failed
        if failed:
            failures = self.flowtui.feed(
                ("version failures", *failed.items()),
                lambda backend: backend.version_failures(failed),
                TASKS_INTERVAL,
            )
            found.append(Question(failures, partial(self._show_failures, failed)))
        return found

    def _show_failures(
        self, asked: Mapping[FlowId, int], snapshot: Snapshot[Mapping[FlowId, Failure]]
    ) -> None:
        if snapshot.value is not None:
            self._failures.update(snapshot.value)
            self._failed_then.update(asked)
            self.query_one("#version", Lines).repaint()

    def _show_tasks(self, wanted: tuple[FlowId, ...], snapshot: Snapshot[list[FlowTask]]) -> None:
        if snapshot.value is not None:
            self.know_tasks(wanted, snapshot.value)
            self.query_one("#version", Lines).repaint()

    def know_tasks(self, versions: Sequence[str], tasks: Sequence[FlowTask]) -> None:
        """Keep the tasks of these versions."""
        for flow_id in versions:
            self._tasks_of[flow_id] = [one for one in tasks if one.flow_id == flow_id]

    def show_group(self, group: FlowGroup) -> None:
        assert self.listing is not None
        self.listing.records = group.versions
        knows_creators = any(one.created_by for one in group.versions)
        if knows_creators != self._knows_creators:
            self._knows_creators = knows_creators
            self.table.show_columns(self.listing.shown_columns())
        self.page.show_rows()
        self.fit()
        self.pair_changed()
        self.repaint()

    def pair_changed(self) -> None:
        """Others are compared now: ask for their tasks, and paint them."""
        if self._unknown or self._failed:
            if self._resting is not None:
                self._resting.stop()
            self._resting = self.set_timer(RESTING, self.page.listen_again)
        self.table.repaint()
        self.query_one("#version", Lines).repaint()
        self.query_one("#success", Lines).repaint()
        self.query_one("#beside", VerticalScroll).scroll_home(animate=False)

    @property
    def _unknown(self) -> tuple[FlowId, ...]:
        """Those of the pair whose tasks have not been read; they never change."""
        pair = self.pair if self.is_comparing else None
        return tuple(one.id for one in pair or () if one.id not in self._tasks_of)

    @property
    def _failed(self) -> dict[FlowId, int]:
        """Those of the pair of which runs have failed, and how many, since that was asked for."""
        pair = self.pair if self.is_comparing else None
        bad = {one.id: one.finished - one.succeeded for one in pair or ()}
        return {one: runs for one, runs in bad.items() if self._failed_then.get(one, 0) != runs}

    def on_resize(self) -> None:
        self.fit()

    def fit(self) -> None:
        """As many rows as there are versions, where something stands under them: how they fared,
        or what changed where there is no room for that beside them."""
        group, size = self.page.group, self.page.size
        rows = len(group.versions) + 1 if group else 2
        if size.width >= WIDE:
            has_room = size.height >= TALL
            most = max(4, size.height - (28 if size.height >= ROOMY else 23))
        else:
            has_room = self.size.height >= LOWEST
            most = self.size.height // 2
        self.set_class(has_room and size.width < WIDE, "-tells")
        self.table.styles.height = min(rows, most) if has_room else "1fr"

    # Painting

    def _paint_beside(self, palette: Palette, width: int) -> Sequence[Sequence[Piece]]:
        if self.version is None:
            return [[Piece("No version is selected.", "fg2")]]
        width = min(width, 110)
        self._shown = lines = self.diff(palette, width) if self.is_comparing else []
        if not lines:
            return self.facts(self.version, palette, min(width, 96))
        keys = [Piece("d", "fg0", bold=True), Piece(" its facts", "fg2")]
        if len(lines) > self.query_one("#beside", VerticalScroll).size.height:
            keys = [Piece("n", "fg0", bold=True), Piece(" next", "fg2"), blank(3), *keys]
        return [cut_before(lines[0], keys, width, palette.ellipsis), *lines[1:]]

    @property
    def is_cut(self) -> bool:
        """Whether there is more of what changed than is to be seen beside the list, or below."""
        beside = self.query_one("#beside", VerticalScroll)
        return beside.display and beside.max_scroll_y > 0

    def show_next_change(self) -> None:
        """Scroll what changed to its next place, behind the last one back to its beginning."""
        beside = self.query_one("#beside", VerticalScroll)
        here = round(beside.scroll_offset.y)
        further = [row for row in place_rows(self._shown) if row > here]
        at_the_end = here >= beside.max_scroll_y
        beside.scroll_to(y=0 if at_the_end or not further else further[0], animate=False)

    def facts(self, version: FlowVersion, palette: Palette, width: int) -> list[list[Piece]]:
        """All there is to know of a version."""
        now, zone = self.page.shown_now(), self.flowtui.zone
        return version_lines(version, self.page.group_id, now, palette, width, zone)

    def diff(self, palette: Palette, width: int) -> list[list[Piece]]:
        """What changed between the two; nothing where there are no two."""
        pair = self.pair
        if pair is None:
            return []
        older, newer = pair
        if older.id not in self._tasks_of or newer.id not in self._tasks_of:
            return [
                [Piece(f"Asking for the tasks of v{older.version} and v{newer.version} …", "fg2")]
            ]
        found = changes(older, newer, self._tasks_of[older.id], self._tasks_of[newer.id])
        return diff_lines(older, newer, found, palette, width, self._failures)

    def _paint_success(self, palette: Palette, width: int) -> list[list[Piece]]:
        group = self.page.group
        if group is None:
            return []
        lines = success_lines(group.versions, palette, width)
        if self.page.size.height >= ROOMY:
            back = going_back_lines(group, self.version, width)
            lines += [*([[]] if lines and back else []), *back]
        if len(group.versions) == 1:
            return [[Piece(row, "fg2")] for row in wrapped(ONLY_ONE, width)]
        is_told_beside = not (self.is_comparing and self.pair)
        if self.version is not None and self.page.size.height >= HIGH and not is_told_beside:
            lines += [*([[]] if lines else []), *self.facts(self.version, palette, width)]
        return lines

    def describe(self) -> None:
        """The facts of the version beside the list, or what changed; in a dialog where it is
        narrow."""
        if self.page.size.width >= WIDE:
            self.is_comparing = not self.is_comparing
            self.pair_changed()
        else:
            self.open_details()

    def open_details(self) -> None:
        """What the version was registered with, in a dialog."""
        from flowtui.ui.dialogs.version import VersionDetails

        if self.version is not None:
            now, zone = self.page.shown_now(), self.flowtui.zone
            self.app.push_screen(VersionDetails(self.version, self.page.group_id, now, zone))


class VersionActions(FlowPage):
    """What keys do with versions."""

    @property
    def versions_pane(self) -> VersionsPane:
        """The pane of the versions."""
        return self.query_one(VersionsPane)

    @property
    def version(self) -> FlowVersion | None:
        """The version under the cursor of their list, else the newest that runs."""
        chosen = self.versions_pane.version if self.query(VersionsPane) else None
        return chosen or super().version

    @on(RecordTable.Highlighted, "#versions-table")
    @on(RecordTable.Marked, "#versions-table")
    def _another_version(self) -> None:
        self.versions_pane.pair_changed()

    @on(RecordTable.Opened, "#versions-table")
    def _version_opened(self) -> None:
        self.open_version()

    @action("enter", "version", pane="versions-table")
    def open_version(self) -> None:
        """The version under the cursor: what it was registered with, and its runs."""
        self.versions_pane.open_details()

    @action("n", "next change", known, on_more_changes, pane="versions-table", bar=False)
    def next_change(self) -> None:
        """What changed further down, where not all of it is to be seen."""
        self.versions_pane.show_next_change()

    @action("D", "diff", known, on_a_version, on_a_pair)
    async def compare(self) -> None:
        """What changed between the two marked versions, or since the one before."""
        from flowtui.ui.dialogs.version import VersionDiff

        pane = self.versions_pane
        if pane.pair is None:
            return
        older, newer = pane.pair
        backend = await self.flowtui.backend()
        pane.know_tasks((older.id, newer.id), await backend.flow_tasks((older.id, newer.id)))
        self.app.push_screen(VersionDiff(older, newer, pane.diff))

    @action("O", "its runs", known, on_a_version, bar=False)
    def runs_of_version(self) -> None:
        """The runs of the version under the cursor alone."""
        assert self.version is not None
        version = self.version.version
        self.show_pane("runs")
        self.listing.text = f"version:{version}"
        self.show_rows()

    @action("t", "run …", known)
    def run_flow(self) -> None:
        """Write a new run; on an older version of that one, or, where it is archived, of the newest
        with what that one took as a default."""
        from flowtui.ui.screens.run_form import RunFormScreen

        assert self.group is not None
        chosen = self.versions_pane.version if on_a_version(self) is None else None
        if chosen is None or chosen.id == self.group.latest.id:
            chosen = None
        self.app.push_screen(RunFormScreen(self.group_id, older=chosen))

    @action("a", "archive …", on_active_version, menu=True)
    async def archive_version(self) -> None:
        """Archive the version under the cursor: its runs stay, new ones are refused."""
        from flowtui.ui.dialogs.schedule import ask_to_archive

        assert self.version is not None
        await ask_to_archive(self, self.version)

    @action("X", "delete version …", on_a_version, menu=True, pane="versions-table")
    async def delete_version(self) -> None:
        """Remove the version under the cursor with its runs and their logs."""
        from flowtui.ui.dialogs.flow_deletion import ask_to_delete_version

        assert self.version is not None
        await ask_to_delete_version(self, self.version)
