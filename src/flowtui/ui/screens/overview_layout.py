"""How the overview stands on terminals of each size."""

from __future__ import annotations

from flowtui.ui.screens.frame import TALL

SPACIOUS, HIGH = 118, 34
"""Columns and rows from which on the headline has three lines, and says more of each number."""
ROOMY = 46
"""Rows from which on a broad screen shows every flow as well."""
LISTS = ("#agents", "#happened", "#happened-beside", "#projects")
"""What is painted for the room that is left at the bottom, or beside the tables."""

LAYOUT = """
OverviewScreen {
    Lines, RunBand { padding: 0 2; }
    &.-low #headline { padding: 1 2 0 2; }
    #paused { display: none; margin-top: 1; }
    &.-paused #paused { display: block; }
    #beginning { display: none; margin-top: 1; }
    &.-new #beginning { display: block; }
    &.-new #band, &.-new #lists { display: none; }
    #attention { margin-top: 1; }
    #running { margin-top: 1; }
    #band { margin-top: 1; }
    #urgent, #urgent Vertical { height: auto; }
    &.-roomy #urgent Vertical { width: 122; }
    #happened-beside, #every-flow, #projects { display: none; }
    #happened-beside { margin-top: 1; }
    &.-roomy #happened-beside, &.-roomy #every-flow, &.-roomy #projects { display: block; }
    &.-roomy #happened { display: none; }
    #every-flow { margin-top: 1; }
    &.-new #urgent, &.-new #every-flow { display: none; }
    #agents { width: 37; }
    #happened { width: 43; }
    &.-broad #agents { width: 1fr; }
    #lists { height: 1fr; margin: 1 0; }
    #lists #agents, #lists #happened, #lists #projects { height: 1fr; }
    &.-low #lists { display: none; }
    &.-narrow #lists #agents, &.-narrow #lists #happened { display: none; }
}
"""


def lines_each(rows: int, causes: int) -> int:
    """Lines of a cause: two where all of them have room for it, and one between them on a large
    screen."""
    if rows < TALL or lines_of(causes, 2) > rows // 4:
        return 1
    return 3 if rows >= ROOMY and lines_of(causes, 3) <= rows // 5 else 2


def lines_of(causes: int, each: int) -> int:
    """The lines of so many causes; the last one has no blank line below it."""
    return max(0, causes * each - max(0, each - 2))
