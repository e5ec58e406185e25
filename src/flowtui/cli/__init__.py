"""The command line: the only place that knows everything and puts the pieces together."""
