"""The smallest shell with job control: runs one command as a job and reports its changes.

Started with the terminal on its standard streams, in a session of its own:
`python job.py REPORT_FD COMMAND_FD [--ignore-hangup] -- program arguments`. A line of JSON goes to
the first descriptor for each change; the words `fg` and `bg` are read from the second one. When
that is closed, the job is killed: nothing outlives the test.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import sys
import termios

TTY = 0
IGNORED = (signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP, signal.SIGINT, signal.SIGQUIT)


def main() -> None:
    report, commands = int(sys.argv[1]), int(sys.argv[2])
    program = sys.argv[sys.argv.index("--") + 1 :]
    fcntl.ioctl(TTY, termios.TIOCSCTTY, 0)
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    ignore_hangup = "--ignore-hangup" in sys.argv[: sys.argv.index("--")]
    job = start(program, ignore_hangup)
    say(report, "started", job)
    while True:
        ready = select.select([woken, commands], [], [])[0]
        if woken in ready and signal.SIGHUP in os.read(woken, 512) and not ignore_hangup:
            send(job, signal.SIGHUP, signal.SIGCONT)
        if commands in ready:
            obey(os.read(commands, 512).decode(), job)
        if changes(job, report):
            return


def start(program: list[str], ignore_hangup: bool) -> int:
    """The command, in a process group of its own, which has the terminal."""
    gate, opened = os.pipe()
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.read(gate, 1)
        for number in (*IGNORED, signal.SIGCHLD, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if ignore_hangup:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.closerange(3, 256)
        os.execvp(program[0], program)
    with contextlib.suppress(OSError):
        os.setpgid(job, job)
    os.tcsetpgrp(TTY, job)
    os.write(opened, b"go")
    return job


def obey(words: str, job: int) -> None:
    if not words:
        send(job, signal.SIGKILL)
    for word in words.split():
        if word == "fg":
            with contextlib.suppress(OSError):
                os.tcsetpgrp(TTY, job)
        send(job, signal.SIGCONT)


def changes(job: int, report: int) -> bool:
    """Report what happened to the job; True when it has ended."""
    while True:
        pid, status = os.waitpid(job, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
        if not pid:
            return False
        if os.WIFSTOPPED(status):
            with contextlib.suppress(OSError):
                os.tcsetpgrp(TTY, os.getpgrp())
            say(report, "stopped", os.WSTOPSIG(status))
        elif os.WIFCONTINUED(status):
            say(report, "continued", 0)
        else:
            say(report, "ended", os.waitstatus_to_exitcode(status))
            return True


def send(job: int, *numbers: int) -> None:
    for number in numbers:
        with contextlib.suppress(OSError):
            os.killpg(job, number)


def say(report: int, what: str, number: int) -> None:
    with contextlib.suppress(OSError):
        os.write(report, json.dumps([what, number]).encode() + b"\n")


main()
