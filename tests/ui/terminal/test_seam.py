"""Every private name of Textual that the driver stands on, so that an upgrade breaks one test."""

from __future__ import annotations

import inspect

import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual import constants, events, messages
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual._parser import Parser
from textual._styles_cache import StylesCache
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.driver import Driver
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from flowtui.ui.terminal import TerminalDriver
from flowtui.ui.terminal.app import ShadowedApp
from flowtui.ui.terminal.painter import TOGETHER

SIGNATURES = {
    App._build_driver: "(self, headless, inline, mouse, size)",
    App._post_message: "(self, message)",
    App.action_suspend_process: "(self)",
    App._display: "(self, screen, renderable)",
    App._handle_exception: "(self, error)",
    App.call_later: "(self, callback, *args, **kwargs)",
    App.exit: "(self, result, return_code, message)",
    App.panic: "(self, *renderables)",
    App.post_display_hook: "(self)",
    App.suspend: "(self)",
    ChopsUpdate.__init__: "(self, chops, spans, chop_ends)",
    Compositor._get_renders: "(self, crop)",
    Compositor.render_full_update: "(self, simplify)",
    Compositor.render_partial_update: "(self)",
    Driver.__init__: "(self, app, *, debug, mouse, size)",
    Driver.close: "(self)",
    Driver.disable_input: "(self)",
    Driver.flush: "(self)",
    Driver.process_message: "(self, message)",
    Driver.resume_application_mode: "(self)",
    Driver.send_message: "(self, message)",
    Driver.start_application_mode: "(self)",
    Driver.stop_application_mode: "(self)",
    Driver.suspend_application_mode: "(self)",
    Driver.write: "(self, data)",
    LayoutUpdate.__init__: "(self, strips, region)",
    Parser.feed: "(self, data)",
    Parser.tick: "(self)",
    Screen._forward_event: "(self, event)",
    Size.clamp_offset: "(self, offset)",
    Strip.render_ansi: "(style, color_system)",
    Widget._forward_event: "(self, event)",
    Widget._set_dirty: "(self, *regions)",
    Widget.render_lines: "(self, crop)",
    XTermParser.__init__: "(self, debug)",
    events.CursorPosition.__init__: "(self, x, y)",
    events.Resize.__init__: "(self, size, virtual_size, container_size, pixel_size)",
}


def names(function: object) -> str:
    """A signature without types and defaults, which may change harmlessly."""
    parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    bare = [
        parameter.replace(annotation=parameter.empty, default=parameter.empty)
        for parameter in parameters
    ]
    return str(inspect.Signature(bare))


@pytest.mark.parametrize("function", SIGNATURES, ids=lambda function: function.__qualname__)
def test_what_we_call_and_override_is_called_the_same(function: object) -> None:
    assert names(function) == SIGNATURES[function]  # type: ignore[index]


def test_the_driver_implements_everything_that_textual_asks_for() -> None:
    assert TerminalDriver.__abstractmethods__ == frozenset()
    for name in ("can_suspend", "is_headless", "is_inline", "is_web"):
        assert isinstance(inspect.getattr_static(Driver, name), property)


def test_the_driver_keeps_what_textual_reads_from_it() -> None:
    source = inspect.getsource(Driver.__init__)
    for name in ("_app", "_size", "_loop", "_auto_restart"):
        assert f"self.{name} = " in source
    assert issubclass(Driver.SignalResume, events.Event)


def test_a_parser_says_how_long_it_waits_and_what_it_knows() -> None:
    parser = XTermParser()
    assert parser._timeout_time is None
    list(parser.feed("\x1b"))
    assert parser._timeout_time is not None
    assert parser._timeout_time > get_time(), "both read the same clock"
    for name in ("last_x", "last_y", "mouse_pixels", "terminal_size", "terminal_pixel_size"):
        assert name in vars(parser)


def test_messages_and_switches_that_we_know_exist() -> None:
    assert issubclass(messages.InBandWindowResize, messages.Message)
    assert isinstance(constants.DISABLE_KITTY_KEY, bool)
    assert isinstance(inspect.getattr_static(App, "screen_stack"), property)


def test_frames_are_what_we_take_them_for() -> None:
    for kind in (ChopsUpdate, LayoutUpdate):
        assert issubclass(kind, CompositorUpdate)
    strip = Strip([Segment("ab")])
    layout = LayoutUpdate([[strip]], Region(0, 0, 2, 1))
    assert (layout.strips, layout.region.size) == ([[strip]], (2, 1))
    chops = ChopsUpdate([{0: strip}], [(0, 0, 2)], [[2]])
    assert (chops.chops, chops.spans, chops.chop_ends) == ([{0: strip}], [(0, 0, 2)], [[2]])
    assert layout.render_segments(Console()).endswith("ab")


def test_lines_that_move_find_what_textual_keeps_by_their_places() -> None:
    assert vars(StylesCache())["_cache"] == {}
    assert isinstance(inspect.getattr_static(Compositor, "visible_widgets"), property)
    assert "# Widgets and regions in render order" in inspect.getsource(
        inspect.getattr_static(Compositor, "visible_widgets").fget
    )


def test_what_is_drawn_again_is_known_to_the_compositor() -> None:
    assert vars(Compositor())["_dirty_regions"] == set()
    assert "_get_renders(" in inspect.getsource(Compositor._render_chops)
    assert "self._compositor = " in inspect.getsource(Screen.__init__)


def test_a_style_says_what_the_terminal_is_told() -> None:
    style = Style.parse("bold red on #010203")
    assert Strip.render_ansi(style, ColorSystem.TRUECOLOR) == "1;31;48;2;1;2;3"
    linked = Style.parse("link https://example.org")
    assert linked.link == "https://example.org"
    assert isinstance(linked.link_id, str)
    assert Console(color_system="truecolor")._color_system is ColorSystem.TRUECOLOR


def test_the_override_keeps_what_textual_guards() -> None:
    theirs, ours = inspect.getsource(App._display), inspect.getsource(ShadowedApp)
    for name in (
        "_batch_count",
        "_running",
        "_closed",
        "is_headless",
        "_previous_cursor_position",
        "outer_size.clamp_offset",
        "_handle_exception",
        "post_display_hook()",
    ):
        assert name in theirs
        assert name in ours
    assert "_display(" in inspect.getsource(Screen._compositor_refresh)
    assert "self._sync_available = " in inspect.getsource(App)
    assert (SYNC_START.encode(), SYNC_END.encode()) == TOGETHER
