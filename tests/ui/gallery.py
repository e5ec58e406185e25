"""Small apps that show one widget each, filled with invented records, for tests and for the eye."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone

from textual.app import ComposeResult

from flowtui.models.text import away, duration
from flowtui.ui.columns import Column, Placed, span
from flowtui.ui.graphics import (
    RunMark,
    band,
    heat,
    ribbon,
    state_flow,
    state_pieces,
    strip,
    subject_piece,
    tally,
)
from flowtui.ui.graphics import bar as bar_of
from flowtui.ui.ink import Piece, between, fit_pieces
from flowtui.ui.themes import ThemedApp
from flowtui.ui.timeline import Axis, Bar, Moment, axis_line, gantt
from flowtui.ui.tokens import STATES, Palette
from flowtui.ui.usual_columns import state_column
from flowtui.ui.widgets.bars import KeyBar, Tab, TopBar
from flowtui.ui.widgets.log import LogView
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
    took: float | None = None
    stale_in: float = 6.0


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
        state_column(lambda row: row.state, least=10),
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


# A run --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LogRow:
    """A log line as the view wants it."""

    timestamp: datetime
    level: str
    message: str
    task: str = ""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-19T{text}+00:00")


TRACEBACK = """\
Task 'load_warehouse[137]': Exception encountered during task execution!
Traceback (most recent call last):
  File "/srv/flows/orders/load.py", line 88, in load_warehouse
    rows = frame['currency_code'].map(RATES)
KeyError: 'currency_code'"""

LOG = [
    LogRow(moment(time), level, message, task)
    for time, level, task, message in [
        ("03:12:11.640", "INFO", "load_warehouse[136]", "copied 18 011 rows into staging.orders"),
        ("03:12:20.417", "DEBUG", "load_warehouse[137]", "opening s3://…/orders/part-137.parquet"),
        ("03:12:44.902", "WARNING", "load_warehouse[137]", "column 'currency_code' missing"),
        ("03:12:45.118", "ERROR", "load_warehouse[137]", TRACEBACK),
        ("03:12:45.120", "INFO", "load_warehouse[137]", "Task finished with final state: Failed"),
        ("03:12:46.377", "INFO", "load_warehouse[138]", "copied 17 960 rows into staging.orders"),
        ("03:13:01.002", "WARNING", "load_warehouse[204]", "deadlock detected, retry 2 of 3"),
        ("03:13:40.771", "INFO", "enrich_customers", "batch 41 of 66"),
        ("03:14:02.334", "INFO", "enrich_customers", "batch 42 of 66"),
    ]
]


@dataclass(frozen=True)
class TaskRow:
    """A task of the run: its attempts, and how long it is expected to take."""

    state: str
    name: str
    done: str = ""
    bars: tuple[Bar, ...] = ()
    expected: tuple[datetime, datetime] | None = None
    moments: tuple[Moment, ...] = ()
    child: bool = False
    heat: tuple[str, ...] = ()

    @property
    def took(self) -> float | None:
        if self.moments:
            return 0.5
        if not self.bars or self.heat:
            return None
        return sum((bar.end - bar.start).total_seconds() for bar in self.bars)


def bar(start: str, end: str, state: str) -> Bar:
    return Bar(moment(start), moment(end), state)


CHILDREN = (
    *["Success"] * 137,
    "Failed",
    *["Success"] * 66,
    "Retrying",
    *["Success"] * 90,
    "Retrying",
    *["Running"] * 12,
    *["Pending"] * 632,
)

TASKS = [
    TaskRow("Success", "list_partitions", bars=(bar("03:02:30", "03:02:51", "Success"),)),
    TaskRow("Success", "extract_orders", "48/48", (bar("03:02:51", "03:05:31", "Success"),)),
    TaskRow("Success", "extract_refunds", "12/12", (bar("03:02:51", "03:03:53", "Success"),)),
    TaskRow(
        "Success",
        "fetch_fx_rates",
        bars=(bar("03:02:51", "03:03:20", "Retrying"), bar("03:03:40", "03:04:09", "Success")),
    ),
    TaskRow("Cached", "load_dim_currency", moments=(Moment(moment("03:04:10"), "Cached"),)),
    TaskRow("Success", "validate_schema", bars=(bar("03:05:31", "03:05:39", "Success"),)),
    TaskRow("Success", "clean_orders", "48/48", (bar("03:05:39", "03:08:51", "Success"),)),
    TaskRow(
        "Running",
        "load_warehouse",
        "311/940",
        (bar("03:08:51", "03:14:22", "Running"),),
        (moment("03:08:51"), moment("03:19:00")),
    ),
    TaskRow("Mapped", "", heat=CHILDREN),
    TaskRow("Failed", "[137] KeyError", "", (bar("03:11:40", "03:12:45", "Failed"),), child=True),
    TaskRow(
        "Retrying",
        "[204] deadlock",
        "2/3",
        (bar("03:12:23", "03:13:01", "Retrying"), bar("03:14:01", "03:14:22", "Retrying")),
        child=True,
    ),
    TaskRow(
        "Running",
        "enrich_customers",
        "",
        (bar("03:12:12", "03:14:22", "Running"),),
        (moment("03:12:12"), moment("03:15:56")),
    ),
    TaskRow("Pending", "publish_marts", expected=(moment("03:18:55"), moment("03:20:36"))),
    TaskRow("Pending", "refresh_dashboards", expected=(moment("03:20:37"), moment("03:21:02"))),
]


def axis(width: int) -> Axis:
    return Axis(
        moment("03:01:40"), moment("03:21:30"), width, now=NOW, cursor=moment("03:12:45.118")
    )


def children_row(
    row: TaskRow, palette: Palette, placed: Sequence[Placed[TaskRow]]
) -> list[Piece] | None:
    """Mapped children under their parent's name, as wide as the words are."""
    if not row.heat:
        return None
    words = fit_pieces([Piece("  children", "fg2")], placed[0].width + placed[1].gap)
    return [*words, *heat(row.heat, palette, span(placed, 1, len(placed) - 2))]


def task_columns() -> list[Column[TaskRow]]:
    indent = "  "
    return [
        replace(state_column(lambda row: row.state, least=10), caption=tasks_title),
        Column(
            "",
            lambda row: subject_piece(indent * row.child + row.name, row.state),
        ),
        Column("done", lambda row: row.done, right=True, least=7, drop=1),
        Column(
            "time",
            lambda row: "" if row.took is None else duration(row.took),
            right=True,
            least=7,
        ),
        Column(
            "timeline",
            paint=lambda row, p, w: gantt(
                axis(w), p, row.bars, row.expected, row.moments, TASKS.index(row)
            ),
            caption=lambda p, w: axis_line(axis(w), p, timezone.utc),
            least=20,
            grows=True,
            gap=3,
        ),
    ]


def tasks_title(palette: Palette, width: int) -> list[Piece]:
    return [Piece("Tasks", "fg0", bold=True), Piece("  14", "fg2")]


STAYS = [("Scheduled", 18.0), ("Pending", 3.0), ("Submitted", 9.0), ("Running", 724.0)]
COUNTS = {"Success": 513, "Failed": 1, "Retrying": 3, "Running": 12, "Pending": 433}


class RunGallery(ThemedApp[None]):
    """A run: what it is doing, its tasks on a timeline, its log."""

    CSS = "RecordTable { height: 16; } LogView { margin-bottom: 1; }"

    def __init__(self, theme: str = "flowtui-dark", ascii_only: bool = False) -> None:
        super().__init__(theme=theme, ascii_only=ascii_only)

    def compose(self) -> ComposeResult:
        yield TopBar("Runs", tabs=TABS, profile="prod", clock=now, zone=timezone.utc)
        yield Lines(self.head)
        yield RecordTable(task_columns(), lambda row: row.name, whole_row=children_row)
        yield Lines(self.log_title)
        yield LogView(zone=timezone.utc, source=lambda line: line.task)
        yield KeyBar(KEYS)

    def head(self, palette: Palette, width: int) -> list[list[Piece]]:
        inner = width - 4
        place = [
            Piece("commerce / orders-etl v42 / ", "fg2"),
            Piece("rosy-otter", "fg0", bold=True),
        ]
        state = [
            *state_pieces("Running", palette),
            Piece("  12m 04s", "fg0", bold=True),
            Piece("  of about 19m, eta 03:21", "fg2"),
        ]
        facts = [Piece("started 03:02:18 UTC   agent k8s-prod-1   heartbeat 6 s", "fg2")]
        counts = tally(
            [
                ("Failed", 1, "failed"),
                ("Retrying", 3, "retrying"),
                ("Running", 12, "running"),
                ("Success", 513, "ok"),
                ("Pending", 433, "waiting"),
            ],
            palette,
        )
        lines = [
            between(place, [Piece("[ older   newer ]   run 18 of 412", "fg2")], inner),
            [],
            between(state, facts, inner),
            ribbon(COUNTS, palette, inner),
            between(counts, state_flow(STAYS, palette), inner),
            [],
        ]
        return [[Piece("  "), *line] if line else [] for line in lines]

    def log_title(self, palette: Palette, width: int) -> list[list[Piece]]:
        title = [
            Piece("  "),
            Piece("Log", "fg0", bold=True),
            Piece("  locked to 03:12:45", "fg2"),
        ]
        return [title]

    def on_mount(self) -> None:
        self.query_one(KeyBar).show_freshness(Age(0.4))
        self.query_one(TopBar).show_connection(0.042)
        table = self.query_one(RecordTable)
        table.show(TASKS)
        table.go_to("[137] KeyError")
        table.focus()
        log = self.query_one(LogView)
        log.extend(LOG)
        log.go_to_time(moment("03:12:45.118"))


# Graphics -----------------------------------------------------------------------------------------


def history(count: int) -> list[RunMark]:
    """Runs of a flow that goes wrong now and then."""
    wrong = {7: "Failed", 31: "Failed", 44: "Cancelled", 61: "TimedOut", 88: "Failed", 90: "Failed"}
    runs = []
    for number in range(count):
        state = wrong.get(number, "Success")
        seconds = 70.0 if state == "Failed" else 900.0 * (1 + (number * 37 % 11) / 8)
        runs.append(RunMark(state, seconds))
    return [*runs, RunMark("Running", 400.0)]


class GraphicsGallery(ThemedApp[None]):
    """Everything that is made of cells."""

    def __init__(self, theme: str = "flowtui-dark") -> None:
        super().__init__(theme=theme, ascii_only=False)

    def compose(self) -> ComposeResult:
        yield Lines(self.all_of_it)

    def all_of_it(self, palette: Palette, width: int) -> list[list[Piece]]:
        inner = width - 4
        runs = history(99)
        lines: list[list[Piece]] = [[], [Piece("Band", "fg0", bold=True)]]
        lines += band(runs, [1200.0] * 8, palette, inner)
        lines += [[], [Piece("Band, apart", "fg0", bold=True)]]
        lines += band(runs, [1200.0] * 4, palette, inner, height=6, spacing=2)
        lines += [[], [Piece("Shares", "fg0", bold=True)], ribbon(COUNTS, palette, inner)]
        lines += [bar_of(share / 10, palette, 20) for share in (0, 2, 5, 10)]
        lines += [[], [Piece("States", "fg0", bold=True)]]
        names = list(STATES)
        for row in range(0, len(names), 5):
            line: list[Piece] = []
            for name in names[row : row + 5]:
                line += fit_pieces(state_pieces(name, palette), 22)
            lines.append(line)
        return [[Piece("  "), *line] for line in lines]
