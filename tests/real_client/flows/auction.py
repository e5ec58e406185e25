"""A flow that says what is hard to write down: very long lines, and characters that mean harm."""

import prefect
from prefect import Flow, task


@task
def cry():
    """Long lines first, so that one batch does not hold them all."""
    logger = prefect.context["logger"]
    for lot in range(6):
        logger.info("%s %s", lot, "x" * 900_000)


@task
def whisper():
    """Markup, escape sequences, wide and combining characters, half a pair, and nothing at all."""
    logger = prefect.context["logger"]
    logger.info("[red]sold[/] \x1b[31mred\x1b[0m \x1b]0;title\x07 \u202eright to left")
    logger.info("牛 e\u0301 \U0001f404 \u0007\r\n\ttab")
    logger.info("half a pair: \ud83d")
    logger.info("nothing: \x00.")
    logger.info("")


with Flow("auction") as flow:
    whisper(upstream_tasks=[cry()])
