"""Widgets of our own: each paints lines from tokens and sends only what changed."""
