"""Modules rest until something of them is used, and nobody can tell the difference.

Each story is told in a fresh interpreter, where nothing has woken them before.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

TOLD = """
import flowtui.cli, sys, importlib
from flowtui.cli.resting import RESTING, _Resting
rests = lambda name: type(sys.modules[name]) is _Resting
"""


def run(program: str) -> str:
    """What a program of its own prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", TOLD + program],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_they_rest_while_a_dashboard_is_made_and_asks() -> None:
    program = """
import asyncio
import flowtui.cli.main, flowtui.cli.dashboard, flowtui.ui.app, flowtui.ui.terminal.driver
from flowtui.ui.screens import VIEWS
VIEWS["overview"].screen, VIEWS["runs"].screen
from flowtui.client.plain_wire import PlainWire

async def serve(reader, writer):
    await reader.readuntil(b"hello")
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}")

async def ask():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    wire = PlainWire("http://127.0.0.1:%s" % server.sockets[0].getsockname()[1], {})
    print((await wire.post(b"hello")).body)
    await wire.close()
    server.close()

asyncio.run(ask())
print(rests("ssl"), rests("asyncio.sslproto"), "_ssl" in sys.modules)
"""
    assert run(program) == "b'{}'\nTrue True False"


def test_they_are_what_they_are_when_they_are_wanted() -> None:
    program = """
import ipaddress, shutil, ssl, textwrap
from tokenize import open as opened
assert all(map(rests, ("ssl", "shutil", "ipaddress"))) and not rests("tokenize")
print(ipaddress.ip_address("::1"), shutil.which("no such program"), ssl.create_default_context())
print(textwrap.dedent("  a"), opened.__module__)
for name in RESTING:
    module = importlib.import_module(name)
    module.__name__, module.__spec__, getattr(module, "__all__", ()), dir(module)
    public = {one for one in vars(module) if not one.startswith("_")}
    assert public or rests(name)
assert not rests("ssl") and ssl.SSLContext.__module__ == "ssl"
"""
    first, second = run(program).splitlines()
    assert first.startswith("::1 None <ssl.SSLContext object")
    assert second == "a tokenize"


def test_tls_works_over_an_asyncio_that_has_not_seen_it() -> None:
    program = """
import asyncio

async def plainly(reader, writer):
    writer.write(b"this is not TLS")
    writer.close()

async def ask():
    server = await asyncio.start_server(plainly, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        await asyncio.open_connection("127.0.0.1", port, ssl=True)
    except Exception as error:
        print(type(error).__module__, type(error).__name__)
    server.close()

asyncio.run(ask())
"""
    assert run(program) == "ssl SSLError"


def test_nothing_is_of_a_class_that_rests_until_it_can_be() -> None:
    program = """
import socket, ssl
kind = ssl.SSLSocket
pair = socket.socketpair()
assert not isinstance(pair[0], kind) and rests("ssl")
class Own(kind):
    pass
assert not rests("ssl") and issubclass(Own, ssl.SSLSocket) and ssl.SSLSocket is not kind
assert not isinstance(pair[0], kind) and isinstance(Own.__new__(Own), kind)
for end in pair:
    end.close()
print("so it is")
"""
    assert run(program) == "so it is"


def test_threads_that_want_the_same_one_at_once_all_get_it() -> None:
    program = """
import ssl
from threading import Barrier, Thread
barrier, found = Barrier(8), []

def want():
    barrier.wait()
    found.append(ssl.TLSVersion.TLSv1_3.name)

threads = [Thread(target=want) for _ in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
print(len(found), set(found))
"""
    assert run(program) == "8 {'TLSv1_3'}"


@pytest.mark.parametrize("wanted", ["ssl.no_such_name", "ssl.__no_such_name__"])
def test_a_name_that_does_not_exist_is_an_ordinary_mistake(wanted: str) -> None:
    program = f"import ssl\ntry: {wanted}\nexcept AttributeError as error: print(error)"
    assert "no_such_name" in run(program)


def test_what_is_awake_is_left_alone() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import shutil; kept = shutil.which; import flowtui.cli, sys;"
            " print(sys.modules['shutil'] is shutil and shutil.which is kept)",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "True"
