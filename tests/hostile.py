"""A world written by somebody who wants to break terminals: every text in it is hostile."""

from __future__ import annotations

from tests.world import World

MARKUP = "[bold red]x[/] [@click=app.quit]q[/] [link=file:///etc]l"
ESCAPES = "\x1b[31mred\x1b[2J\x1b]0;owned\x07\x1b]8;;http://e\x1b\\link\x9b1A\x1bPq\x1b\\"
CONTROLS = "a\x07b\x08c\rd\te\x0bf\x7fg\x85h\u2028i\nsecond line"
WIDE = "漢字かな 🙂👩\u200d👩\u200d👧 \U0001f1e9\U0001f1ea 한글 \u1112\u1161\u11ab ﾊﾝｶｸ"
MARKS = "Z" + "\u0337\u0322\u031b" * 12 + "algo e\u0301 \u0489\u0489 \u0600"
TURNED = "\u202eevil\u202c \u2066x\u2069 \u200b\u00ad\ufeff\u3164\u2800 ❤\ufe0f ☰ \U000e0041"
ODD = "$var {x} %s \\ \"quoted\" 'it' <b>&amp;</b> \ufffd \U0010ffff"
TEXTS = (MARKUP, ESCAPES, CONTROLS, WIDE, MARKS, TURNED, ODD)
ALL = " ".join(TEXTS)


async def hostile_world(world: World) -> None:
    """A flow for each kind of hostile text, and one with all of them, its run under way."""
    for number, text in enumerate(TEXTS):
        await world.flow(text, project=text, tasks=["extract"], labels=[text])
        await world.run(text, f"{number} {text}")
        await world.set(f"{number} {text}", "Failed" if number % 2 else "Success", text)
    await world.flow(
        ALL,
        project=ALL,
        tasks=[{"slug": "one", "name": ALL}, {"slug": "many", "name": WIDE, "mapped": True}],
        parameters={ALL: ALL, WIDE: {ALL: [ALL]}, ESCAPES: MARKUP},
        required=[MARKS],
        labels=[ALL, WIDE],
    )
    await world.run(ALL, ALL, parameters={MARKS: ALL}, labels=[ALL], context={ALL: ALL})
    await world.start(ALL)
    await world.task(ALL, "one", "Running", ALL)
    world.clock.forward(seconds=20)
    await world.task(ALL, "one", "Failed", ALL)
    for index, text in enumerate(TEXTS):
        await world.task(ALL, "many", "Running", text, index=index)
        world.clock.forward(seconds=3)
        await world.log(ALL, text, "ERROR" if index % 2 else "INFO", name=text)
        child = await world.task(ALL, "many", "Failed", text, index=index)
    await world.log(ALL, ALL, "CRITICAL", name=ALL)
    await world.set(ALL, "Running", ALL)
    for kind, data in (("markdown", f"# {ALL}\n\n{ALL}"), ("link", ALL)):
        await world.do("create_task_run_artifact", task_run_id=child, kind=kind, data={kind: data})
