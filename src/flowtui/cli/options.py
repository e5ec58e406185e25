"""The options every command understands: which backend, and how to speak to it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import field
from functools import wraps
from typing import Any

import click

from flowtui.config import Flags, Profile, load_profile
from flowtui.frozen import frozen


@frozen
class Options:
    """What was given on the command line."""

    flags: Flags = field(default_factory=Flags)
    plain: bool = False
    plain_driver: bool = False
    mouse: bool = False

    def profile(self) -> Profile:
        """The backend in use. Raises UsageProblem."""
        return load_profile(self.flags)


def backend_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command, and hand them over as `options`."""

    @click.option("--api", "api_url", metavar="URL", help="The backend's API.")
    @click.option("--api-key", metavar="KEY", help="An API key, sent as a bearer token.")
    @click.option("--tenant", metavar="ID", help="The tenant to ask for, on Cloud.")
    @click.option("--profile", metavar="NAME", help="A profile of flowtui's configuration.")
    @click.option("--read-only", is_flag=True, help="Refuse everything that changes something.")
    @click.option("--plain", is_flag=True, help="Plain lines, also in a terminal.")
    @click.option("--plain-driver", is_flag=True, help="Use Textual's own terminal driver.")
    @click.option("--mouse/--no-mouse", default=None, help="The mouse; off over SSH.")
    @wraps(command)
    def with_options(
        *arguments: Any,
        api_url: str | None,
        api_key: str | None,
        tenant: str | None,
        profile: str | None,
        read_only: bool,
        plain: bool,
        plain_driver: bool,
        mouse: bool | None,
        **others: Any,
    ) -> Any:
        flags = Flags(api_url, api_key, tenant, profile, read_only)
        options = Options(flags, plain, plain_driver, _wants_mouse(mouse))
        return command(*arguments, options=options, **others)

    return with_options


def _wants_mouse(asked: bool | None) -> bool:
    if asked is not None:
        return asked
    return "SSH_CONNECTION" not in os.environ and "SSH_TTY" not in os.environ
