"""The backend as an ASGI application: GraphQL on every path that clients use, and health.

Nothing that goes wrong inside reaches a client as a traceback; it is logged, and the client gets
Prefect's own words for it.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from graphql import ExecutionResult, GraphQLError, execute
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from flowtui import __version__
from flowtui.errors import ApiError, DocumentRefused
from flowtui.server import mutations
from flowtui.server.calls import Caller
from flowtui.server.doorkeeper import REFUSED, Doorkeeper
from flowtui.server.helpers import HELPERS
from flowtui.server.metrics import CONTENT_TYPE, Metrics
from flowtui.server.operations import OPERATIONS
from flowtui.server.query.documents import Document, Documents, Operation
from flowtui.server.query.engine import quickly_coerced, read, with_fitting
from flowtui.server.requests import GraphQLRequest, bad_request, request_from, requests_in
from flowtui.server.schema import served_schema
from flowtui.server.services.sizes import Sizes
from flowtui.server.settings import ServerSettings
from flowtui.server.storage import Storage

log = logging.getLogger("flowtui.server")

JSON = "application/json; charset=utf-8"

INTERNAL_ERROR = "Unable to complete operation. An internal API error occurred."
"""What clients are told of failures that are ours."""

_KEYS = re.compile(r"api_key|ApiKey")
# In a document: it may make or revoke a key.

RESOLVERS = {helper.__name__: helper for helper in HELPERS}


def create_app(
    storage: Storage,
    settings: ServerSettings | None = None,
    *,
    metrics: Metrics | None = None,
    doorkeeper: Doorkeeper | None = None,
    caller: Caller | None = None,
) -> ASGIApp:
    """The application over a storage that is open."""
    settings = settings or ServerSettings()
    doorkeeper = doorkeeper or Doorkeeper(storage, settings)
    api = Api(storage, settings, metrics or Metrics(), doorkeeper, caller or Caller(settings))
    everywhere = "/{path:path}"
    routes = Starlette(
        routes=[
            Route("/health", health, methods=["GET"]),
            Route("/.well-known/apollo/server-health", apollo_health, methods=["GET"]),
            Route("/metrics", api.measure, methods=["GET"]),
            Route("/operations/{name}", api.operate, methods=["POST"]),
            Route(everywhere, api.get, methods=["GET"]),
            Route(everywhere, api.preflight, methods=["OPTIONS"]),
        ]
    )

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and not _is_operation(scope):
            # Nearly all there is; the way through the routes costs as much as a small query.
            response = await api.post(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await routes(scope, receive, send)

    return answer


def _is_operation(scope: Scope) -> bool:
    return bool(scope["path"].startswith("/operations/"))


async def health(request: Request) -> Response:
    """Answers as long as the process can answer anything."""
    return _json({"status": "ok", "version": __version__})


async def apollo_health(request: Request) -> Response:
    """The probe of the old gateway, which charts and load balancers know."""
    return _json({"status": "pass"}, content_type="application/health+json")


class Api:
    """Answers GraphQL requests over one storage."""

    def __init__(
        self,
        storage: Storage,
        settings: ServerSettings,
        metrics: Metrics,
        doorkeeper: Doorkeeper,
        caller: Caller,
    ) -> None:
        self._storage = storage
        self._settings = settings
        self._metrics = metrics
        self._doorkeeper = doorkeeper
        self._caller = caller
        self._schema = served_schema()
        self._documents = Documents(self._schema, deepest=settings.deepest_query)
        self._sizes = Sizes(
            settings.largest_flow, settings.largest_state, settings.largest_artifact
        )

    async def post(self, request: Request) -> Response:
        """One request, or a list of them, in a JSON body."""
        refusal = await self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            body = await self._body(request)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        if body is None:
            limit = self._settings.largest_body
            too_large = _failed(f"The body exceeds {limit} bytes (largest_body).")
            return self._answer(request, 413, too_large)
        try:
            requests, is_list = requests_in(body)
        except DocumentRefused as refused:
            return self._answer(request, refused.status, _refused(refused))
        lifetime = self._settings.idempotency_key_lifetime
        sender = mutations.Request(
            agent_id=_agent_id(request),
            core_version=request.headers.get("x-prefect-core-version"),
            key_lifetime=None if lifetime is None else timedelta(seconds=lifetime),
            sizes=self._sizes,
        )
        answers = [await self._execute(one, sender) for one in requests]
        if is_list:
            whole = b"[" + b",".join(answer.rstrip() for _, answer in answers) + b"]\n"
            return self._answer(request, 200, whole)
        return self._answer(request, *answers[0])

    async def get(self, request: Request) -> Response:
        """A query in the URL; it can read and no more."""
        if "query" not in request.query_params:
            hint = "This is a Prefect API. Send GraphQL by POST, or a query as ?query=.\n"
            return PlainTextResponse(hint, status_code=400)
        refusal = await self._refusal(request)
        if refusal is not None:
            return refusal
        try:
            asked = request_from(dict(request.query_params))
            operation = self._documents.get(asked.query).operation(asked.operation_name)
        except DocumentRefused as refused:
            return self._answer(request, refused.status, _refused(refused))
        if operation.kind != "query":
            return self._answer(request, 405, _failed("GET supports queries only."))
        return self._answer(request, *await self._execute(asked, mutations.Request()))

    async def operate(self, request: Request) -> Response:
        """Something that the command line asks of the server of its database."""
        refusal = await self._refusal(request)
        if refusal is not None:
            return refusal
        operation = OPERATIONS.get(request.path_params["name"])
        if operation is None:
            return self._answer(request, 404, _failed("There is no operation of that name."))
        try:
            wishes = await self._wishes(request)
            done = await operation(self._storage, self._settings, wishes)
        except ClientDisconnect:
            return Response(status_code=400)  # nobody is there to read it
        except ApiError as refused:
            return self._answer(request, 400, _failed(refused.message, refused.code))
        except Exception:
            log.exception("An operation failed: %s", request.path_params["name"])
            return self._answer(request, 500, _failed(INTERNAL_ERROR))
        self._doorkeeper.forget()
        return self._answer(request, 200, _dumped({"done": done}))

    async def _wishes(self, request: Request) -> Mapping[str, Any]:
        """What an operation is told; without a body, nothing."""
        body = await self._body(request)
        if body is None:
            raise ApiError(f"The body exceeds {self._settings.largest_body} bytes (largest_body).")
        try:
            wishes = json.loads(body or b"{}")
        except (ValueError, RecursionError):
            wishes = None
        if not isinstance(wishes, dict):
            raise ApiError("What is wished for has to be a JSON object.")
        return wishes

    async def measure(self, request: Request) -> Response:
        """What Prometheus asks for, with a key like everybody."""
        refusal = await self._refusal(request)
        if refusal is not None and refusal.status_code == 403:
            return refusal
        if refusal is not None:
            wanted = {"WWW-Authenticate": "Bearer"}
            return PlainTextResponse("An API key is needed.\n", status_code=401, headers=wanted)
        page = await self._metrics.page(self._storage, self._documents)
        return Response(page, headers={"Content-Type": CONTENT_TYPE})

    async def preflight(self, request: Request) -> Response:
        """A browser asks whether a page may ask."""
        headers = {} if await self._objection(request) else _cross_origin(request)
        return Response(status_code=204, headers=headers)

    async def _execute(
        self, request: GraphQLRequest | DocumentRefused, sender: mutations.Request
    ) -> tuple[int, bytes]:
        try:
            if isinstance(request, DocumentRefused):
                raise request
            document = self._documents.get(request.query)
            operation = document.operation(request.operation_name)
        except DocumentRefused as refused:
            self._metrics.requests["none", "refused"] += 1
            return refused.status, _refused(refused)
        with self._metrics.timed(operation.kind) as outcome:
            try:
                status, answer = await self._answered(document, operation, request, sender)
                # Errors come before data, and nothing else begins like this.
                outcome.append("failed" if answer.startswith(b'{"errors"') else "ok")
            except DocumentRefused as refused:
                outcome.append("refused")
                return refused.status, _refused(refused)
            except ApiError as refusal:
                return 200, _failed(refusal.message, refusal.code)
            except Exception:
                log.exception("A request failed")
                return 200, _failed(INTERNAL_ERROR)
        return status, answer

    async def _answered(
        self,
        document: Document,
        operation: Operation,
        request: GraphQLRequest,
        sender: mutations.Request,
    ) -> tuple[int, bytes]:
        if operation.kind == "query":
            answer = await read(
                self._storage, document, operation, request.variables, RESOLVERS, self._storage
            )
            return 200, answer
        if operation.kind == "mutation":
            try:
                return await self._mutate(document, operation, request.variables, sender)
            finally:
                if _KEYS.search(request.query):
                    self._doorkeeper.forget()
        raise bad_request("Subscriptions are not served.")

    async def _mutate(
        self,
        document: Document,
        operation: Operation,
        variables: Mapping[str, Any] | None,
        sender: mutations.Request,
    ) -> tuple[int, bytes]:
        fitting = quickly_coerced(document, operation, variables)
        result = execute(
            self._schema,
            document.ast if fitting is None else with_fitting(document, operation),
            context_value=mutations.MutationContext(self._storage, sender, self._caller.call),
            variable_values=dict(variables or {}) if fitting is None else fitting,
            operation_name=operation.name,
        )
        if not isinstance(result, ExecutionResult):
            result = await result
        if not result.errors:
            return 200, _dumped({"data": result.data})
        errors = [_shown(error) for error in result.errors]
        if result.data is None and not any(error.path for error in result.errors):
            # Nothing was executed: the variables do not fit the document.
            return 400, _dumped({"errors": errors})
        return 200, _dumped({"errors": errors, "data": result.data})

    async def _body(self, request: Request) -> bytes | None:
        """The body, or None when there is more of it than is taken."""
        parts = []
        room = self._settings.largest_body
        async for part in request.stream():
            room -= len(part)
            if room < 0:
                return None
            parts.append(part)
        return b"".join(parts)

    async def _refusal(self, request: Request) -> Response | None:
        """Why this sender is not answered, if so."""
        objection = await self._objection(request)
        if objection:
            # A browser goes by the status. Prefect's client reads no further than that, and would
            # not tell what is wrong.
            is_program = request.method == "POST" and "origin" not in request.headers
            refused = _failed(objection, "UNAUTHENTICATED")
            return self._answer(request, 200 if is_program else 403, refused)
        if await self._doorkeeper.lets_in(request.headers.get("authorization", "")):
            return None
        # With status 401 Prefect's client would speak of a connection, not of the key.
        return self._answer(request, 200, _failed(REFUSED, "UNAUTHENTICATED"))

    async def _objection(self, request: Request) -> str:
        headers = request.headers
        return await self._doorkeeper.objects(headers.get("origin"), headers.get("host"))

    def _answer(self, request: Request, status: int, body: bytes) -> Response:
        if not body.endswith(b"\n"):
            body += b"\n"
        # A page that may not ask is told so, and may read no more than that.
        headers = {} if status == 403 else _cross_origin(request)
        return Response(body, status_code=status, media_type=JSON, headers=headers)


def _cross_origin(request: Request) -> dict[str, str]:
    """What a browser is told of a page that may ask."""
    if request.headers.get("origin") is None:
        return {}
    asked = request.headers.get("access-control-request-headers", "content-type")
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
        "Access-Control-Allow-Headers": asked,
        "Access-Control-Max-Age": "600",
    }


def _agent_id(request: Request) -> str | None:
    given = request.headers.get("x-prefect-agent-id")
    parsed = mutations.parse_uuid(given) if given else None
    return parsed if isinstance(parsed, str) else None


def _dumped(document: Any) -> bytes:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair has no bytes of its own; escaped it is JSON all the same.
    return text.encode("utf-8", "backslashreplace")


def _json(document: Any, content_type: str = JSON) -> Response:
    return Response(json.dumps(document), media_type=content_type)


def _shown(error: GraphQLError) -> dict[str, Any]:
    """An error of a field, with the words and the code that clients match on."""
    shown: dict[str, Any] = dict(error.formatted)
    cause = error.original_error
    code = "INTERNAL_SERVER_ERROR"
    if isinstance(cause, ApiError):
        code = cause.code
    elif cause is not None and not isinstance(cause, GraphQLError):
        log.error("A mutation failed at %s", error.path, exc_info=cause)
        shown["message"] = INTERNAL_ERROR
    shown["extensions"] = {"code": code, "exception": {"message": shown["message"]}}
    return shown


def _failed(message: str, code: str = "INTERNAL_SERVER_ERROR") -> bytes:
    error = {"message": message, "extensions": {"code": code}}
    return _dumped({"errors": [error], "data": None})


def _refused(refused: DocumentRefused) -> bytes:
    return _dumped({"errors": list(refused.errors)})
