"""Sample flows of a platform team: archives, indexes, housekeeping."""

from __future__ import annotations

from flowtui.demo.declarations import (
    Fault,
    Flow,
    Parameter,
    Release,
    Task,
    Trouble,
    Version,
    ago,
    cron,
    every,
)

NOT_COMPILED = Fault(
    "RuntimeError",
    "dbt run: 1 of 214 models failed",
    "/srv/flows/dbt/run.py",
    29,
    "run_models",
    "raise RuntimeError(f'dbt run: {failed} of {total} models failed')",
    '  Database Error in model fct_orders (models/marts/fct_orders.sql)\n    column "tax" '
    "does not exist\n    LINE 41:   sum(tax) as tax_total\n                  ^",
)

SEARCH_REINDEX = Flow(
    Version(
        "search-reindex",
        "platform",
        (
            Task("create_index", 6, (), ("index {alias}-{n}",)),
            Task("copy", 180, ("create_index",), ("{n} documents",), mapped=3, timeout=1800),
            Task("swap_alias", 10, ("copy",), ("alias {alias}",), timeout=600),
        ),
        (Parameter("alias", "articles"), Parameter("shards", 6)),
        cron("40 1 * * *"),
        ("k8s", "prod"),
        "search:2.2",
        "The search index, built beside the old one and swapped.",
        hands_state_on=True,
    ),
    ago(days=37),
    (
        Release(ago(days=11), image="search:2.3"),
        Release(ago(days=8), parameters=(Parameter("alias", "articles"), Parameter("shards", 8))),
        Release(ago(days=6), clocks=every(hours=12)),
        Release(
            ago(days=3),
            (Task("drop_old", 4, ("swap_alias",), ("freed {n} MB",)),),
            image="search:3.0",
        ),
    ),
)

S3_ARCHIVE = Flow(
    Version(
        "s3-archive",
        "platform",
        (
            Task("list_objects", 20, (), ("{n} objects older than {days} days",)),
            Task(
                "pack",
                30,
                ("list_objects",),
                ("{n} MB", "DEBUG part {n}"),
                mapped=5,
                mapped_by="parts",
            ),
            Task("verify", 40, ("pack",), ("sha256 of {n} objects",)),
            Task("delete_originals", 12, ("verify",), ("{n} gone",)),
        ),
        (Parameter("days", 90), Parameter("bucket", "cold"), Parameter("parts", 5)),
        every(hours=24),
        ("k8s", "prod"),
        "archive:1.0",
        "Old objects, packed and put away.",
    ),
    ago(days=28),
    (Release(ago(days=7), image="archive:1.1"), Release(ago(days=2), clocks=every(hours=8))),
)

DBT_CORE = Flow(
    Version(
        "dbt-core",
        "platform",
        (
            Task("deps", 12, (), ("Installed from version 1.{n}",), cached_hours=12),
            Task(
                "run_models",
                200,
                ("deps",),
                ("{n} of 214 OK created view", "WARNING {n} deprecated macros"),
                retries=1,
                troubles=(Trouble("Failed", 0.05, NOT_COMPILED),),
            ),
            Task("test_models", 90, ("run_models",), ("{n} tests passed",)),
            Task("docs", 20, ("test_models",), ("catalog written",)),
        ),
        (Parameter("target", "prod"), Parameter("full_refresh", False)),
        cron("0 1 * * *", "Europe/Berlin"),
        ("k8s", "prod"),
        "dbt:1.2",
        "The warehouse, modelled.",
    ),
    ago(days=52),
    (
        Release(ago(days=13), image="dbt:1.3"),
        Release(ago(days=10), clocks=cron("0 1,13 * * *", "Europe/Berlin")),
        Release(ago(days=7), (Task("freshness", 8, ("deps",), ("{n} sources fresh",)),)),
        Release(ago(days=5), image="dbt:1.4"),
        Release(
            ago(days=3),
            parameters=(Parameter("target", "prod"), Parameter("select", "state:modified+")),
        ),
        Release(ago(hours=18), clocks=every(hours=3), image="dbt:1.5"),
    ),
)

DBT_MARTS = Flow(
    Version(
        "dbt-marts",
        "platform",
        (
            Task("run_models", 110, (), ("{n} marts",)),
            Task("test_models", 40, ("run_models",), ("{n} tests passed",)),
        ),
        (Parameter("target", "prod"),),
        cron("30 2 * * *", "Europe/Berlin"),
        ("k8s", "prod"),
        "dbt:1.5",
        "Marts on top of the core; the schedule is off while they move.",
    ),
    ago(days=20),
    switched_off=("schedule", "lazarus"),
)

WEB_CRAWL = Flow(
    Version(
        "web-crawl",
        "platform",
        (
            Task("seed", 5, (), ("{n} addresses",)),
            Task("crawl", 400, ("seed",), ("{n} pages", "WARNING robots.txt forbids {n}")),
            Task("extract", 120, ("crawl",), ("{n} offers",), mapped=3),
            Task("store", 20, ("extract",), ("{n} rows",)),
        ),
        (Parameter("depth", 3), Parameter("hosts", required=True)),
        cron("0 23 * * *", "Australia/Sydney", hosts=["shop.example", "market.example"]),
        ("k8s", "prod"),
        "crawl:0.17",
        "What others charge.",
    ),
    ago(days=14),
    switched_off=("lazarus",),
)

FLOWS = (
    SEARCH_REINDEX,
    S3_ARCHIVE,
    DBT_CORE,
    DBT_MARTS,
    WEB_CRAWL,
)
