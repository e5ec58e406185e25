"""Runs that somebody started by hand, and that the sample world is never without: one of each
way to end, to wait and to be stuck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from typing import Any

from flowtui.demo.declarations import Trouble, ago
from flowtui.demo.flows.commerce import NO_CURRENCY, NO_PRICES
from flowtui.demo.flows.finance import NO_BANNER, NO_FONT, UNBALANCED
from flowtui.demo.flows.lab import HOSTILE, MARKUP
from flowtui.demo.flows.ml import OUT_OF_MEMORY, UNAVAILABLE
from flowtui.demo.flows.platform import NOT_COMPILED
from flowtui.frozen import frozen

SMOOTH: Mapping[str, Trouble] = {}
"""Nothing goes wrong."""


@frozen
class Stuck:
    """A state that a run is put into at the start, and then left in."""

    type: str
    message: str


@frozen
class Occasion:
    """A run started by hand."""

    flow: str
    ago: timedelta
    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    labels: tuple[str, ...] | None = None
    troubles: Mapping[str, Trouble] | None = field(default_factory=lambda: SMOOTH)
    """What goes wrong; None leaves it to chance, as for scheduled runs."""

    planned_in: timedelta = timedelta()
    """How long after it was made it is to start."""

    stuck: Stuck | None = None
    """It gets this far."""

    cancelled_after: timedelta | None = None
    """Somebody cancels it so long after it was made."""

    gives_up: bool = True
    """Whether its process notices that it was cancelled."""

    approved_after: timedelta | None = None
    """Somebody says yes so long after it began to wait."""

    set_aside: str = ""
    """Once it waits, somebody pauses the whole run, with this message."""


def failing(task: str, fault: Any) -> Mapping[str, Trouble]:
    """One task that fails, however often it is tried."""
    return {task: Trouble("Failed", 1.0, fault)}


def timing_out(task: str) -> Mapping[str, Trouble]:
    """One task that takes too long."""
    return {task: Trouble("TimedOut", 1.0)}


def skipping(task: str, why: str) -> Mapping[str, Trouble]:
    """One task that finds nothing to do."""
    return {task: Trouble("Skipped", 1.0, message=why)}


_S = timedelta(seconds=1)

ENDED: tuple[Occasion, ...] = (
    Occasion("orders-etl", ago(hours=1, minutes=22), "amber-lynx", troubles=SMOOTH),
    Occasion(
        "orders-etl",
        ago(minutes=47),
        "backfill-monday",
        {"since": "-4d", "regions": ["eu"]},
        troubles=failing("load_warehouse", NO_CURRENCY),
    ),
    Occasion(
        "orders-etl",
        ago(minutes=28),
        "backfill-monday-2",
        {"since": "-4d", "regions": ["eu"], "batch": 50},
        troubles=failing("load_warehouse", NO_CURRENCY),
    ),
    Occasion(
        "churn-features",
        ago(minutes=13),
        "odd-ibis",
        troubles=failing("fetch_events", UNAVAILABLE),
    ),
    Occasion("search-reindex", ago(minutes=19), "after-outage", troubles=timing_out("swap_alias")),
    Occasion("search-reindex", ago(days=5), "try-8-shards", troubles=timing_out("copy")),
    Occasion("pricing", ago(days=2), "new-margin", troubles=failing("read_price_lists", NO_PRICES)),
    Occasion(
        "invoice-pdf",
        ago(hours=9),
        "resend-october",
        {"month": "2026-10"},
        troubles=failing("render_pdf", NO_FONT),
    ),
    Occasion(
        "ledger-reconcile",
        ago(days=6),
        "quarter-end",
        {"ledger": "q3"},
        troubles=failing("compare_totals", UNBALANCED),
    ),
    Occasion(
        "dbt-core",
        ago(hours=31),
        "full-refresh",
        {"full_refresh": True},
        troubles=failing("run_models", NOT_COMPILED),
    ),
    Occasion(
        "ml-retrain",
        ago(days=3),
        "wide-grid",
        {"grid": {"depth": [4, 6, 8, 10], "rate": [0.3, 0.1, 0.03]}},
        troubles=failing("fit", OUT_OF_MEMORY),
    ),
    Occasion(
        "catalog-sync",
        ago(hours=5),
        "nothing-new",
        troubles=skipping("index", "nothing changed since the last index"),
    ),
    Occasion(
        HOSTILE.name,
        ago(minutes=30),
        "\x1b[41m[blink]red[/blink] \u202eesrever\u202c \U0001f469\u200d\U0001f680\u3000wide",
        {"text": "\x1b]8;;https://example.org\x07link\x1b]8;;\x07 [u]under[/u]"},
        troubles=failing(HOSTILE.first.tasks[1].name, MARKUP),
    ),
    Occasion("payroll-feed", ago(days=12), "october", {"month": "2026-10"}),
    Occasion(
        "payroll-feed",
        ago(hours=27),
        "november-too-early",
        {"month": "2026-11"},
        planned_in=timedelta(hours=2),
        cancelled_after=timedelta(minutes=10),
    ),
    Occasion(
        "web-crawl",
        ago(days=1, hours=2),
        "deep-crawl",
        {"hosts": ["shop.example"], "depth": 9},
        cancelled_after=timedelta(minutes=6),
    ),
    Occasion("nightly-billing", ago(days=2, hours=5), "again", cancelled_after=90 * _S),
    Occasion(
        "newsletter",
        ago(days=9),
        "issue-41",
        {"issue": 41},
        approved_after=timedelta(hours=3),
    ),
    Occasion("feature-store", ago(days=5), "weekly-publish", approved_after=timedelta(minutes=35)),
    Occasion("s3-archive", ago(hours=20), "many-parts", {"parts": 48, "days": 30}),
    Occasion("gpu-embeddings", ago(days=2), "small-model"),
    Occasion("gpu-embeddings", ago(hours=26), "large-model", {"model": "large"}),
)
"""They are over."""

WAITING: tuple[Occasion, ...] = (
    Occasion("newsletter", ago(hours=1), "issue-42", {"issue": 42}),
    Occasion(
        "feature-store",
        ago(hours=4),
        "before-black-friday",
        set_aside="Set aside until somebody has looked at the drift.",
    ),
    Occasion(
        "gpu-embeddings",
        ago(minutes=49),
        "re-embed",
        cancelled_after=timedelta(minutes=3),
        gives_up=False,
    ),
    Occasion(
        "gpu-embeddings",
        ago(minutes=46),
        "re-embed-large",
        {"model": "large"},
        stuck=Stuck("Queued", "The limit of 1 run with the label gpu is reached."),
    ),
    Occasion(
        "dbt-marts",
        ago(minutes=31),
        "marts-by-hand",
        stuck=Stuck("Submitted", "Submitted for execution"),
    ),
    Occasion(
        "payroll-feed",
        ago(minutes=4),
        "november",
        {"month": "2026-11"},
        troubles=failing("upload", NO_BANNER),
    ),
    Occasion("ledger-reconcile", ago(minutes=18), "before-closing", {"cents": 1}),
    Occasion("tax-report", ago(hours=2, minutes=5), "advance-return", {"year": 2026}),
    Occasion(
        "orders-etl",
        ago(minutes=40),
        "after-migration",
        {"since": "-7d", "dry_run": True},
        planned_in=timedelta(hours=21),
    ),
)
"""They wait for somebody, or for ever."""

RUNNING: tuple[Occasion, ...] = (
    Occasion("ml-retrain", ago(minutes=9), "calm-walrus", {"epochs": 60}, troubles=None),
    Occasion("s3-archive", ago(minutes=3), "cold-parts", {"parts": 60}, troubles=None),
    Occasion(
        "orders-etl",
        ago(minutes=12.4),
        "rosy-otter",
        {"since": "2026-11-19", "partitions": 48, "parts": 940, "refund_days": 12},
        troubles=None,
    ),
    Occasion("orders-etl", ago(minutes=0.6), "brisk-heron", troubles=None),
    Occasion("search-reindex", ago(minutes=2), "keen-plover", troubles=None),
    Occasion(
        "web-crawl",
        ago(minutes=4),
        "market-watch",
        {"hosts": ["market.example"]},
        troubles=None,
    ),
)
"""They run. What becomes of them is left to chance, as it is for an agent that goes on with them:
both write the same script.
"""
