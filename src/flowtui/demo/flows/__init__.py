"""The sample flows, a project a module."""

from __future__ import annotations

from collections.abc import Mapping

from flowtui.demo.declarations import Flow
from flowtui.demo.flows import commerce, crm, finance, lab, ml, platform

FLOWS: tuple[Flow, ...] = (
    *commerce.FLOWS,
    *crm.FLOWS,
    *finance.FLOWS,
    *lab.FLOWS,
    *ml.FLOWS,
    *platform.FLOWS,
)

PROJECTS: Mapping[str, str] = {
    "commerce": "Orders, prices and stock.",
    "crm": "What customers hear from us.",
    "finance": "Ledgers, invoices and rates.",
    "lab": "Things being tried.",
    "ml": "Features and models.",
    "platform": "What everything else stands on.",
}
"""Every project with its description."""
