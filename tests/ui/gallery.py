"""Small apps that show one widget each, filled with invented records, for tests and for the eye."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from textual.app import ComposeResult

from flowtui.models.text import away, duration
from flowtui.ui.columns import Column, state_column
from flowtui.ui.graphics import RunMark, strip, subject_piece
from flowtui.ui.ink import Piece
from flowtui.ui.themes import ThemedApp
from flowtui.ui.tokens import Palette
from flowtui.ui.widgets.bars import KeyBar, Tab, TopBar
from flowtui.ui.widgets.painted import Lines
from flowtui.ui.widgets.table import RecordTable

NOW = datetime(2026, 11, 19, 3, 14, 22, tzinfo=timezone.utc)
HOSTILE = "[red]x[/] \x1b[31mred\x1b]0;t\x07 \u202eevil\u202c 日本\x07\tend\n2nd"


def now() -> datetime:
    return NOW


TABS = (
    Tab("1", "Overview"),
    Tab("2", "Flows"),
    Tab("3", "Runs", wrong=7),
    Tab("4", "Logs"),
    Tab("5", "Agents"),
    Tab("6", "Projects"),
)
KEYS = (
    ("enter", "open"),
    ("/", "filter"),
    ("t", "run …"),
    ("V", "versions"),
    ("s", "sort"),
    ("x", "actions"),
    ("`", "preview"),
    ("?", "help"),
)


@dataclass(frozen=True)
class Age:
    age: float = 0.8
    is_stale: bool = False


@dataclass(frozen=True)
class FlowRow:
    """A flow as a list shows it."""

    name: str
    project: str
    state: str
    version: int
    usual: float
    due: float | None
    schedule: str
    wrong: tuple[int, ...] = ()

    @property
    def runs(self) -> list[RunMark]:
        marks = [
            RunMark("Failed" if n in self.wrong else "Success", self.usual * (1 + n % 3 * 0.4))
            for n in range(9)
        ]
        unstarted = self.state in {"Late", "Scheduled"}
        return [*marks, RunMark(self.state, None if unstarted else self.usual / 2)]


def flow_row(line: str) -> FlowRow:
    state, name, project, version, usual, due, *schedule = line.split()
    wait = None if due == "-" else float(due)
    return FlowRow(
        *(name, project, state, int(version), float(usual), wait, " ".join(schedule)),
        wrong=(4, 7) if state == "Failed" else (),
    )


FLOWS = [
    flow_row(line)
    for line in """\
Late ledger-reconcile finance 7 760 -1080 hourly :56
Failed churn-features ml 18 860 360 every 20 min
TimedOut search-reindex platform 11 1331 900 hourly :30
Running fx-rates finance 6 44 38 */15 * * * *
Running ml-retrain ml 36 6540 2700 hourly :00
Running orders-etl commerce 42 1142 900 */30 * * * *
Running s3-archive platform 13 1514 3060 hourly :06
Paused feature-store ml 27 1780 - hourly :00
Success ad-spend commerce 5 192 6360 daily 05:00
Success billing-audit finance 9 535 4560 daily 04:30
Success catalog-sync commerce 23 118 300 */10 * * * *
Success crm-export crm 14 52 300 every 20 min
Success customer-360 ml 31 2911 81960 daily 02:00
Success dbt-core platform 64 1568 3300 hourly :10
Success dbt-marts platform 58 707 - after dbt-core
Success email-digest crm 3 21 9960 daily 06:00
Success events-compact platform 12 2295 3000 hourly :05
Success geo-enrich platform 8 333 9960 every 6 h
Success inventory-sync commerce 19 67 38 */15 * * * *
Success invoice-pdf finance 4 362 13560 every 6 h
Success ml-score ml 33 558 300 */10 * * * *
Success nightly-billing finance 15 4320 2700 daily 04:00
Success orders-returns commerce 10 266 1500 hourly :40
Cancelled payroll-feed finance 2 1130 432000 weekly
Success pricing commerce 21 219 900 hourly :30
Success sessionize ml 16 602 38 */15 * * * *
Success stock-levels commerce 7 91 300 */10 * * * *
Success tax-report finance 1 2480 - none
Success vacuum platform 5 288 78360 daily 01:00
Success weather-pull ml 2 12 2100 hourly :50
Success web-crawl platform 17 3312 76560 daily 00:30""".splitlines()
]


def next_run(row: FlowRow) -> Piece | None:
    if row.due is None:
        return None
    if row.due < 0:
        return Piece(f"▲ {away(-row.due)}", "late", bold=True)
    return Piece(away(row.due), "fg1")


def flow_columns() -> list[Column[FlowRow]]:
    return [
        state_column(lambda row: row.state),
        Column("flow", lambda row: subject_piece(row.name, row.state), most=24),
        Column("project", lambda row: row.project, token="fg2", drop=3),
        Column("last 10", paint=lambda row, p, w: strip(row.runs, p), least=10),
        Column("schedule", lambda row: row.schedule, token="fg2", drop=1),
        Column("next", next_run, right=True, least=8, grows=True),
        Column("usual", lambda row: duration(row.usual), right=True, drop=4),
        Column("ver", lambda row: f"v{row.version}", right=True, token="fg2", drop=2),
    ]


class FlowsGallery(ThemedApp[None]):
    """A list of flows between the two bars."""

    CSS = "RecordTable { margin-bottom: 1; }"

    def __init__(self, rows: Sequence[FlowRow] = FLOWS, theme: str = "flowtui-dark") -> None:
        super().__init__(theme=theme, ascii_only=False)
        self.rows = rows
        self.opened: list[object] = []
        self.highlighted: list[object] = []

    def compose(self) -> ComposeResult:
        yield TopBar("Flows", tabs=TABS, profile="prod", clock=now, zone=timezone.utc)
        yield Lines(self.title_line)
        yield RecordTable(flow_columns(), lambda row: row.name, marks=True)
        yield KeyBar(KEYS)

    def title_line(self, palette: Palette, width: int) -> list[list[Piece]]:
        title = [
            Piece("  "),
            Piece("Flows", "fg0", bold=True),
            Piece(f"  {len(self.rows)} in 6 projects", "fg2"),
            Piece("   /", "accent"),
            Piece(" filter", "fg2"),
        ]
        return [title, []] if self.size.height >= 30 else [[], title]

    def on_mount(self) -> None:
        self.query_one(KeyBar).show_freshness(Age())
        self.query_one(TopBar).show_connection(0.042)
        self.table.show(self.rows, empty="No flows yet. Register one, or press R.")
        self.table.focus()

    @property
    def table(self) -> RecordTable[FlowRow]:
        return self.query_one(RecordTable)

    def on_record_table_opened(self, message: RecordTable.Opened) -> None:
        self.opened.append(message.record.name)

    def on_record_table_highlighted(self, message: RecordTable.Highlighted) -> None:
        self.highlighted.append(message.record.name)


def screen_text(app: ThemedApp[None]) -> list[str]:
    """The screen as lines of text."""
    return [line.text.rstrip() for line in app.screen._compositor.render_strips()]
