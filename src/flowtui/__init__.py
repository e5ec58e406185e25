"""flowtui: the terminal for Prefect 0.x/1.x."""

__version__ = "0.1.0"
