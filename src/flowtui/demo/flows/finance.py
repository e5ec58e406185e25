"""Sample flows of a finance department: ledgers, invoices, rates."""

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

NO_FONT = Fault(
    "OSError",
    "cannot open resource 'invoice-bold.ttf'",
    "/srv/flows/invoices/render.py",
    112,
    "render_pdf",
    "font = ImageFont.truetype(FONT, 11)",
)

UNBALANCED = Fault(
    "AssertionError",
    "debit 1 204 118.20 is not credit 1 204 117.95",
    "/srv/flows/ledger/reconcile.py",
    57,
    "compare_totals",
    "assert debit == credit, f'debit {debit} is not credit {credit}'",
)

REFUSED = Fault(
    "requests.exceptions.ConnectionError",
    "HTTPSConnectionPool(host='rates.internal', port=443): Max retries exceeded with url: /daily",
    "/srv/flows/fx/rates.py",
    23,
    "fetch_rates",
    "answer = session.get(url, timeout=5)",
    "\nDuring handling of the above exception, another exception occurred:\n",
)

NO_BANNER = Fault(
    "paramiko.ssh_exception.SSHException",
    "Error reading SSH protocol banner",
    "/srv/flows/payroll/upload.py",
    18,
    "upload",
    "transport.start_client(timeout=30)",
)

LEDGER_RECONCILE = Flow(
    Version(
        "ledger-reconcile",
        "finance",
        (
            Task("export_ledger", 95, (), ("ledger {ledger}, {n} postings",)),
            Task("export_bank", 60, (), ("{n} bank lines",), retries=2),
            Task("compare_totals", 20, ("export_ledger", "export_bank"), ("tolerance {cents} c",)),
            Task("file_report", 8, ("compare_totals",), ("report {n}",)),
        ),
        (Parameter("ledger", "main"), Parameter("cents", 0)),
        cron("18 1 * * *", "Europe/Berlin"),
        ("onprem",),
        description="The ledger against the bank, to the cent. Runs where the ledger is.",
    ),
    ago(days=38),
    (Release(ago(days=4), clocks=every(hours=12)), Release(ago(days=1), clocks=every(hours=3))),
)

FX_RATES = Flow(
    Version(
        "fx-rates",
        "finance",
        (
            Task(
                "fetch_rates",
                6,
                (),
                ("{n} rates from {source}",),
                retries=2,
                retry_seconds=10,
                troubles=(Trouble("Failed", 0.12, REFUSED, passes=True),),
            ),
            Task("check_drift", 3, ("fetch_rates",), ("largest drift 0.{n} %",)),
            Task("store_rates", 4, ("check_drift",), ("base {base}",)),
        ),
        (Parameter("source", "ecb"), Parameter("base", "EUR")),
        cron("5 16 * * *", "Europe/Berlin"),
        description="Exchange rates, fresh enough to sell by.",
    ),
    ago(days=30),
    (
        Release(ago(days=10), clocks=cron("5 8,16 * * *", "Europe/Berlin")),
        Release(
            ago(days=5),
            (
                Task(
                    "check_drift",
                    3,
                    ("fetch_rates",),
                    ("drift 0.{n} %", "WARNING stale pair"),
                    timeout=30,
                ),
            ),
        ),
        Release(ago(days=2), clocks=every(hours=6)),
        Release(
            ago(hours=9),
            (Task("notify_desk", 2, ("store_rates",), ("{n} subscribers",)),),
            clocks=every(minutes=60),
        ),
        Release(ago(minutes=50), clocks=every(minutes=2)),
    ),
)

INVOICE_PDF = Flow(
    Version(
        "invoice-pdf",
        "finance",
        (
            Task("select_invoices", 5, (), ("{n} invoices of {month}",)),
            Task(
                "render_pdf",
                26,
                ("select_invoices",),
                ("DEBUG page {n}", "rendered {n}"),
                mapped=3,
                retries=1,
                troubles=(Trouble("Failed", 0.03, NO_FONT),),
            ),
            Task("mail", 9, ("render_pdf",), ("queued {n} mails",)),
            Task(
                "tell_accounting",
                1,
                ("render_pdf", "mail"),
                ("done",),
                trigger="all_finished",
            ),
        ),
        (Parameter("month", required=True), Parameter("language", "de")),
        cron("0 */12 * * *", "Europe/Berlin", month="current"),
        ("prod",),
        "invoices:7",
        "Invoices as people like to get them.",
    ),
    ago(days=21),
    (Release(ago(days=6), image="invoices:8"),),
)

NIGHTLY_BILLING = Flow(
    Version(
        "nightly-billing",
        "finance",
        (
            Task("lock_period", 4, (), ("period {period}",)),
            Task("rate_usage", 320, ("lock_period",), ("{n} records",), mapped=3),
            Task("apply_discounts", 80, ("rate_usage",), ("{n} contracts",)),
            Task("post_invoices", 140, ("apply_discounts",), ("{n} invoices",), retries=2),
            Task("unlock_period", 3, ("post_invoices",), ("unlocked",), trigger="always_run"),
        ),
        (Parameter("period", "last-month"), Parameter("ceiling", 250_000)),
        cron("0 3 * * *", "Europe/Berlin"),
        ("k8s", "prod"),
        "billing:3.11",
        "What everybody owes, every night.",
    ),
    ago(days=46),
    (
        Release(ago(days=13), image="billing:3.12"),
        Release(ago(days=10), parameters=(Parameter("period", "last-month"),)),
        Release(ago(days=7), image="billing:3.13"),
        Release(ago(days=5), without=("apply_discounts",)),
        Release(
            ago(days=4),
            (Task("apply_discounts", 80, ("rate_usage",), ("{n} contracts", "{n} tiers")),),
            image="billing:3.14",
        ),
    ),
    default_parameters={"period": "current"},
)

PAYROLL_FEED = Flow(
    Version(
        "payroll-feed",
        "finance",
        (
            Task("collect_hours", 45, (), ("{n} sheets",)),
            Task("export", 20, ("collect_hours",), ("format {format}",)),
            Task("upload", 15, ("export",), ("SFTP {n} bytes",), retries=3, retry_seconds=300),
        ),
        (Parameter("format", "datev"), Parameter("month", required=True)),
        description="Hours for the payroll office. Started by hand, once a month.",
    ),
    ago(days=60),
    (Release(ago(days=10), parameters=(Parameter("month", required=True),)),),
)

TAX_REPORT = Flow(
    Version(
        "tax-report",
        "finance",
        (
            Task("gather", 60, (), ("year {year}",)),
            Task("fill_forms", 30, ("gather",), ("{n} fields",)),
        ),
        (Parameter("year", required=True), Parameter("draft", True)),
        labels=("windows",),
        description="Needs the forms program, which only a Windows machine has.",
    ),
    ago(days=16),
)

FLOWS = (
    LEDGER_RECONCILE,
    FX_RATES,
    INVOICE_PDF,
    NIGHTLY_BILLING,
    PAYROLL_FEED,
    TAX_REPORT,
)
