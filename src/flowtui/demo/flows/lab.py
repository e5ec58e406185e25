"""Sample flows of a laboratory, where odd things are tried; one is made of hostile text."""

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
    every,
)

WIDE = "注文の集計 📦 — \u0643\u0634\u0641"
COMBINING = "re\u0301sume\u0301 Z\u0351\u036b\u0343a\u0334l\u035bg\u0321o\u0489"

MARKUP = Fault(
    "ValueError",
    "[bold red]not markup[/] \x1b[31mnot red\x1b[0m [/nothing] \\[escaped]",
    "/srv/flows/lab/[link=https://example.org]odd.py[/link]",
    7,
    "break_things",
    "raise ValueError('\\x1b[2J\\x1b]0;not a title\\x07')",
)

HOSTILE = Flow(
    Version(
        "[bold red]odd[/] names \x1b[31m" + WIDE,
        "lab",
        (
            Task(
                "[reverse]mark up[/reverse]",
                4,
                (),
                (
                    "[bold]bold[/bold] [red][@click=app.quit]quit[/] {text}",
                    "\x1b[2J\x1b[1;1H\x1b]0;another title\x07 clears nothing",
                    "tab\there, carriage\rreturn, bell\x07, backspace\x08, delete\x7f",
                    WIDE,
                    COMBINING,
                    "right to left \u202e and back \u202c, zero\u200bwidth",
                ),
            ),
            Task(
                "\x1b[5mblinking\x1b[0m " + COMBINING,
                3,
                ("[reverse]mark up[/reverse]",),
                ("WARNING " + "a very long line without an end, " * 20,),
                mapped=2,
                troubles=(Trouble("Failed", 0.2, MARKUP),),
            ),
        ),
        (
            Parameter("text", "[blink]\x1b[7m" + WIDE + "\x1b[0m"),
            Parameter("[b]name[/b]", {"[i]key[/i]": ["\x1b[1mvalue\x1b[0m", COMBINING]}),
        ),
        every(hours=24),
        description="Text that would like to be markup, escape sequences or wider than it is.",
    ),
    ago(days=10),
    (Release(ago(hours=10), clocks=every(hours=2)),),
)

WEATHER_PULL = Flow(
    Version(
        "weather-pull",
        "lab",
        (
            Task("fetch", 4, (), ("{n} stations near {city}",), retries=1),
            Task("store", 3, ("fetch",), ("{n} readings",)),
        ),
        (Parameter("city", "Lisbon"), Parameter("radius_km", 25.5)),
        every(hours=12),
        description="Whether to take an umbrella.",
    ),
    ago(days=6),
    (Release(ago(minutes=44), clocks=every(minutes=4)),),
)

GEO_ENRICH = Flow(
    Version(
        "geo-enrich",
        "lab",
        (
            Task("addresses", 12, (), ("{n} addresses",)),
            Task(
                "geocode",
                30,
                ("addresses",),
                ("{n} found",),
                mapped=3,
                retries=2,
                retry_seconds=20,
                tags=("geocoder",),
            ),
            Task("write", 8, ("geocode",), ("{n} rows",)),
        ),
        (Parameter("country", "PT"), Parameter("precision", 5)),
        every(hours=6),
        ("prod",),
        description="Places for addresses.",
    ),
    ago(days=5),
)

SCRATCH = Flow(
    Version(
        "scratch",
        "lab",
        (Task("say_hello", 2, (), ("hello {who}",)),),
        (
            Parameter("who", "world"),
            Parameter("times", 3),
            Parameter("ratio", 0.5),
            Parameter("loud", False),
            Parameter("tags", []),
            Parameter("options", {}),
            Parameter("token", required=True),
        ),
        description="Never run: somebody registered it and went home.",
    ),
    ago(days=1),
)

FLOWS = (HOSTILE, WEATHER_PULL, GEO_ENRICH, SCRATCH)
