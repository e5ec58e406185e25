"""Sample flows around customers: exports, mails, segments."""

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

TOO_MANY = Fault(
    "HTTPError",
    "429 Client Error: Too Many Requests for url: https://crm.internal/api/contacts",
    "/srv/flows/crm/export.py",
    41,
    "fetch_contacts",
    "response.raise_for_status()",
)

CRM_EXPORT = Flow(
    Version(
        "crm-export",
        "crm",
        (
            Task(
                "fetch_contacts",
                12,
                (),
                ("page {n} of {segment}", "DEBUG 200 OK in {n} ms"),
                mapped=3,
                retries=3,
                retry_seconds=15,
                troubles=(Trouble("Failed", 0.1, TOO_MANY, passes=True),),
            ),
            Task("anonymise", 6, ("fetch_contacts",), ("{n} fields masked",)),
            Task("write_parquet", 5, ("anonymise",), ("{n} kB",)),
        ),
        (Parameter("segment", "all"), Parameter("page_size", 200)),
        every(hours=24),
        ("prod",),
        description="Contacts for the analysts, without names.",
    ),
    ago(days=27),
    (
        Release(ago(days=9), parameters=(Parameter("segment", "all"), Parameter("page_size", 500))),
        Release(ago(days=3), clocks=every(hours=8)),
        Release(ago(hours=1), clocks=every(minutes=5)),
    ),
)

EMAIL_DIGEST = Flow(
    Version(
        "email-digest",
        "crm",
        (
            Task("collect", 7, (), ("{n} stories",)),
            Task("render", 5, ("collect",), ("template {template}",)),
            Task("send", 9, ("render",), ("{n} recipients", "WARNING {n} bounced")),
        ),
        (Parameter("template", "weekly"), Parameter("test_only", False)),
        cron("0 7,19 * * *", "Europe/London"),
        description="What happened, for those who want to read it.",
    ),
    ago(days=15),
    (Release(ago(days=4), parameters=(Parameter("template", "daily"),)),),
)

NEWSLETTER = Flow(
    Version(
        "newsletter",
        "crm",
        (
            Task("draft", 14, (), ("issue {issue}",)),
            Task("approve", 2, ("draft",), ("approved",), trigger="manual_only"),
            Task("send", 16, ("approve",), ("{n} recipients",)),
        ),
        (Parameter("issue", required=True),),
        description="Waits for a yes before it is sent.",
    ),
    ago(days=13),
)

FLOWS = (CRM_EXPORT, EMAIL_DIGEST, NEWSLETTER)
