"""The terminal under Textual: a driver of our own for Linux and macOS.

Textual's own driver wakes up ten times a second, dies of one byte that is no UTF-8, leaves
the terminal in the alternate screen when it is told to end, and cannot end at all while the
line takes no output. This one does none of that. Over it lies a shadow of
the screen: only what differs is sent, and never more than the line draws in a moment. Nothing in
here knows flowtui.
"""

from __future__ import annotations

__all__ = ["TerminalDriver"]


def __getattr__(name: str) -> object:
    if name == "TerminalDriver":
        from flowtui.ui.terminal.driver import TerminalDriver

        return TerminalDriver
    raise AttributeError(name)
