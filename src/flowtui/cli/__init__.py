"""The command line: the only place that knows everything and puts the pieces together."""

from flowtui.cli.resting import let_rest

let_rest()  # before anything is imported that would wake them
