"""Sample flows of a shop: orders, prices, stock."""

from __future__ import annotations

from dataclasses import replace

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

NO_CURRENCY = Fault(
    "KeyError",
    "'currency_code'",
    "/srv/flows/orders/load.py",
    88,
    "load_warehouse",
    "rows = frame['currency_code'].map(RATES)",
    warning="column 'currency_code' missing, 18240 rows affected",
)

DEADLOCK = Fault(
    "psycopg2.errors.DeadlockDetected",
    "deadlock detected\n"
    "DETAIL:  Process 8812 waits for ShareLock on transaction 99120; blocked by process 9040.\n"
    "HINT:  See server log for query details.",
    "/srv/flows/orders/load.py",
    61,
    "copy_rows",
    "cursor.copy_expert(COPY, rows)",
    warning="waiting for a lock on staging.orders",
)

TOO_MANY = Fault(
    "requests.exceptions.HTTPError",
    "429 Client Error: Too Many Requests for url: https://rates.example/latest",
    "/srv/flows/orders/rates.py",
    27,
    "fetch_fx_rates",
    "answer.raise_for_status()",
)

NO_PRICES = Fault(
    "ValueError",
    "price list of supplier 'nordwind' is empty",
    "/srv/flows/pricing/lists.py",
    34,
    "read_price_lists",
    "raise ValueError(f'price list of supplier {supplier!r} is empty')",
)

_EXTRACT = Task(
    "extract_orders",
    200,
    ("list_partitions",),
    ("fetching {feed_url}?page={index}", "{n} orders"),
    mapped=3,
    mapped_by="partitions",
    shared=True,
    retries=2,
    timeout=120,
)

_CLEAN = Task(
    "clean_orders",
    270,
    ("extract_orders", "extract_refunds", "validate_schema"),
    ("dropped {n} duplicates",),
)

_LOAD = Task(
    "load_warehouse",
    600,
    ("clean_orders", "lookup_currency", "load_dim_currency"),
    (
        "DEBUG opening s3://orders/{since}/part-{index}.parquet",
        "copied {n} rows into staging.orders_{index}",
    ),
    mapped=5,
    mapped_by="parts",
    shared=True,
    retries=2,
    retry_seconds=60,
    troubles=(Trouble("Failed", 0.08, DEADLOCK, passes=True),),
)

_NEWEST = (
    Task(
        "extract_refunds",
        62,
        ("list_partitions",),
        ("{n} refunds of day {index}",),
        mapped=3,
        mapped_by="refund_days",
        shared=True,
    ),
    Task(
        "fetch_fx_rates",
        24,
        ("list_partitions",),
        ("rates of 34 currencies",),
        retries=3,
        troubles=(Trouble("Failed", 0.8, TOO_MANY, passes=True),),
    ),
    Task(
        "load_dim_currency",
        1,
        ("fetch_fx_rates",),
        ("171 currencies from cache",),
        cached_hours=24,
    ),
    replace(_CLEAN, mapped=3, mapped_by="partitions", shared=True),
    replace(
        _LOAD,
        troubles=(
            Trouble("Failed", 0.3, NO_CURRENCY),
            Trouble("Failed", 0.05, DEADLOCK, passes=True),
            Trouble("Failed", 0.0, NO_CURRENCY, children=(37,)),
            Trouble("Failed", 0.0, DEADLOCK, children=(150, 204, 238)),
        ),
    ),
    Task(
        "enrich_customers",
        420,
        ("clean_orders",),
        tuple(f"batch {number} of 66" for number in range(1, 67)),
    ),
    Task("publish_marts", 40, ("load_warehouse", "enrich_customers"), ("refreshed 7 views",)),
    Task("refresh_dashboards", 20, ("publish_marts",), ("{n} tiles",)),
    Task("notify_shop", 2, ("publish_marts",), ("told 3 subscribers",)),
)

ORDERS_ETL = Flow(
    Version(
        "orders-etl",
        "commerce",
        (
            Task("list_partitions", 21, (), ("found {n} partitions since {since}",)),
            _EXTRACT,
            Task("lookup_currency", 1, ("list_partitions",), ("171 currencies",), retries=3),
            _CLEAN,
            _LOAD,
            Task("publish_marts", 40, ("load_warehouse",), ("refreshed 7 views",)),
        ),
        (
            Parameter("since", "-1d"),
            Parameter("batch", 500),
            Parameter("feed_url", "https://feeds.internal/v2/orders"),
            Parameter("regions", ["eu", "us"]),
            Parameter("dry_run", False),
        ),
        cron("0 5 * * *", "Europe/Berlin"),
        ("k8s", "prod"),
        "etl:2026.9.2",
        "Orders from the feed into the warehouse, cleaned.",
    ),
    ago(days=34),
    (
        Release(ago(days=12), image="etl:2026.10.1"),
        Release(
            ago(days=9),
            (
                Task(
                    "validate_schema",
                    8,
                    ("extract_orders",),
                    ("schema v3 holds", "WARNING {n} rows without a customer, kept"),
                ),
            ),
            image="etl:2026.10.4",
        ),
        Release(ago(days=6), clocks=cron("0 5,17 * * *", "Europe/Berlin")),
        Release(
            ago(days=3),
            (Task("refresh_dashboards", 20, ("publish_marts",), ("{n} tiles",)),),
            clocks=every(hours=6),
            image="etl:2026.11.1",
        ),
        Release(
            ago(hours=26),
            parameters=(
                Parameter("since", "-2h"),
                Parameter("batch", 500),
                Parameter("feed_url", "https://feeds.internal/v2/orders"),
                Parameter("regions", ["eu", "us", "apac"]),
                Parameter("dry_run", False),
            ),
            clocks=every(hours=2),
        ),
        Release(
            ago(minutes=50),
            _NEWEST,
            without=("lookup_currency",),
            parameters=(
                Parameter("since", "-30m"),
                Parameter("batch", 500),
                Parameter("feed_url", "https://feeds.internal/v3/orders"),
                Parameter("regions", ["eu", "us", "apac"]),
                Parameter("dry_run", False),
                Parameter("partitions", 4),
                Parameter("parts", 6),
                Parameter("refund_days", 4),
            ),
            clocks=cron("*/30 * * * *"),
            image="etl:2026.11.19",
        ),
    ),
)

ORDERS_RETURNS = Flow(
    Version(
        "orders-returns",
        "commerce",
        (
            Task("fetch_returns", 11, (), ("{n} returns since {since}",), retries=2),
            Task("match_orders", 24, ("fetch_returns",), ("matched {n}",)),
            Task("book_refunds", 18, ("match_orders",), ("booked {n}, currency {currency}",)),
        ),
        (Parameter("since", "-3h"), Parameter("currency", "EUR"), Parameter("limit", 2000)),
        cron("15 6 * * *", "Europe/Berlin"),
        ("prod",),
        "etl:2026.10.4",
        "Returned goods matched with their orders and refunded.",
    ),
    ago(days=29),
    (
        Release(ago(days=5), clocks=every(hours=12)),
        Release(ago(days=1), clocks=every(hours=3), image="etl:2026.11.19"),
    ),
)

PRICING = Flow(
    Version(
        "pricing",
        "commerce",
        (
            Task(
                "read_price_lists",
                30,
                (),
                ("{n} prices from {suppliers}",),
                mapped=3,
                troubles=(Trouble("Failed", 0.04, NO_PRICES),),
            ),
            Task("apply_rules", 45, ("read_price_lists",), ("margin {margin}", "{n} rules")),
            Task(
                "check_margins",
                12,
                ("apply_rules",),
                ("WARNING {n} articles below the margin of {margin}",),
            ),
            Task("publish_prices", 20, ("check_margins",), ("published {n} prices",)),
        ),
        (
            Parameter("suppliers", ["nordwind", "tailspin"]),
            Parameter("margin", 0.18),
            Parameter("force", False),
        ),
        cron("30 2 * * *", "Europe/Berlin"),
        ("k8s", "prod"),
        "pricing:4.2",
        "Purchase prices in, sales prices out.",
    ),
    ago(days=41),
    (
        Release(ago(days=11), image="pricing:4.3"),
        Release(ago(days=8), parameters=(Parameter("margin", 0.2), Parameter("force", False))),
        Release(
            ago(days=4),
            (Task("round_prices", 3, ("apply_rules",), ("to .99",)),),
            clocks=cron("30 2,14 * * *", "Europe/Berlin"),
        ),
        Release(
            ago(hours=30),
            parameters=(
                Parameter("suppliers", ["nordwind", "tailspin", "fabrikam"]),
                Parameter("margin", 0.2),
                Parameter("force", False),
            ),
            clocks=every(hours=4),
            image="pricing:5.0",
        ),
    ),
    locked=True,
)

INVENTORY_SYNC = Flow(
    Version(
        "inventory-sync",
        "commerce",
        (
            Task("read_warehouses", 8, (), ("{n} bins in {warehouses}",), mapped=3, retries=2),
            Task("diff", 4, ("read_warehouses",), ("{n} changes",)),
            Task("push_to_shop", 9, ("diff",), ("DEBUG PATCH /stock {n}", "pushed {n}")),
        ),
        (Parameter("warehouses", ["BER", "HAM", "LEJ"]), Parameter("full", False)),
        cron("0 4 * * *", "Europe/Berlin"),
        ("prod",),
        description="What is on the shelves, told to the shop.",
    ),
    ago(days=25),
    (
        Release(ago(days=6), clocks=every(hours=8)),
        Release(ago(hours=7), clocks=every(minutes=60)),
        Release(ago(minutes=43), clocks=every(minutes=3)),
    ),
)

STOCK_LEVELS = Flow(
    Version(
        "stock-levels",
        "commerce",
        (
            Task("count", 6, (), ("{n} articles",)),
            Task("alert_low", 3, ("count",), ("WARNING {n} articles below {threshold}",)),
        ),
        (Parameter("threshold", 12),),
        every(hours=12),
        description="Warns before the shelves are empty.",
    ),
    ago(days=9),
    (Release(ago(hours=2), clocks=every(minutes=10)),),
)

AD_SPEND = Flow(
    Version(
        "ad-spend",
        "commerce",
        (
            Task("pull_reports", 40, (), ("{n} campaigns",), mapped=3, retries=3),
            Task("convert", 12, ("pull_reports",), ("to {currency}",)),
            Task("store", 9, ("convert",), ("{n} rows",)),
        ),
        (Parameter("currency", "EUR"), Parameter("day", required=True)),
        cron("45 6 * * *", "America/New_York", day="yesterday"),
        ("prod",),
        "ads:1.9",
        "What the campaigns cost yesterday.",
    ),
    ago(days=50),
    (Release(ago(days=7), image="ads:2.0"),),
)

CATALOG_SYNC = Flow(
    Version(
        "catalog-sync",
        "commerce",
        (
            Task("fetch_catalog", 22, (), ("{n} articles",), retries=1),
            Task("fetch_images", 35, ("fetch_catalog",), ("{n} images",), mapped=3, retries=2),
            Task(
                "index",
                14,
                ("fetch_images",),
                ("index {index}",),
                troubles=(
                    Trouble("Skipped", 0.25, message="nothing changed since the last index"),
                ),
            ),
            Task("warm_cache", 6, ("index",), ("{n} pages",)),
        ),
        (Parameter("index", "articles"), Parameter("languages", {"de": True, "en": True})),
        every(hours=24),
        ("k8s", "prod"),
        "catalog:0.31",
        "Articles and their pictures for the search.",
    ),
    ago(days=18),
    (Release(ago(days=2), clocks=every(hours=4)),),
)

FLOWS = (
    ORDERS_ETL,
    ORDERS_RETURNS,
    PRICING,
    INVENTORY_SYNC,
    STOCK_LEVELS,
    AD_SPEND,
    CATALOG_SYNC,
)
