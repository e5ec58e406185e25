"""The one tree of errors. Foreign errors become these once, at the edge where they come in.

FlowtuiError                 what a user is shown: what went wrong, and what to do
├── UsageProblem             the command line, a profile or a form was wrong          exit 2
├── BackendError             something asked of a backend did not work                exit 1
│   ├── Unreachable          no answer: refused, timed out, cut off                   exit 3
│   │   └── NotSent          no connection came about, so nothing can have arrived
│   ├── NotUnderstood        an answer that is not a Prefect API's                    exit 3
│   ├── Unauthorized         a key is missing, wrong or expired
│   ├── Refused              the backend said no, and why
│   │   └── Conflict         it moved meanwhile; nothing was written
│   └── NotFound             no such flow, run or task run
├── ServerProblem            our own backend cannot start or go on                    exit 1
├── ApiError                 our own backend says no to a request; `code` travels in `extensions`
│   ├── UniquenessViolation
│   └── ForeignKeyViolation
└── DocumentRefused          our own backend cannot make sense of a whole GraphQL document
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class FlowtuiError(Exception):
    """Something a user is told about: one sentence, and a hint what to do next."""

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class UsageProblem(FlowtuiError):
    """The command line, a profile or a value typed in was wrong."""

    exit_code = 2


class BackendError(FlowtuiError):
    """Something asked of a backend did not work."""


class Unreachable(BackendError):
    """The backend gave no answer."""

    exit_code = 3


class NotSent(Unreachable):
    """No connection came about, so the backend cannot have done what was asked."""


class NotUnderstood(BackendError):
    """What answered does not speak Prefect's GraphQL."""

    exit_code = 3


class Unauthorized(BackendError):
    """The backend wants an API key, or another one."""


class Refused(BackendError):
    """The backend understood and said no; `code` is its own word for why, if it gave one."""

    def __init__(self, message: str, hint: str = "", code: str = "") -> None:
        super().__init__(message, hint)
        self.code = code


class Conflict(Refused):
    """What was to be changed has moved meanwhile; nothing was written."""


class NotFound(BackendError):
    """The backend knows nothing by that id or name."""


class ServerProblem(FlowtuiError):
    """Our own backend cannot start, or cannot go on."""


class ApiError(FlowtuiError):
    """Our own backend refuses a request; clients match on its message and code."""

    def __init__(self, message: str, code: str = "INTERNAL_SERVER_ERROR") -> None:
        super().__init__(message)
        self.code = code


class UniquenessViolation(ApiError):
    """A row with this key exists; the client looks for exactly this text."""

    def __init__(self) -> None:
        super().__init__("Uniqueness violation.")


class ForeignKeyViolation(ApiError):
    """A row that was named does not exist."""

    def __init__(self) -> None:
        super().__init__("Foreign key violation.")


class DocumentRefused(FlowtuiError):
    """Our own backend cannot make sense of a document; `errors` is the list in its answer."""

    def __init__(self, errors: Sequence[Mapping[str, Any]], status: int = 400) -> None:
        super().__init__("; ".join(str(error["message"]) for error in errors))
        self.errors = errors
        self.status = status
