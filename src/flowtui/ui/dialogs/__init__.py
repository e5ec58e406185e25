"""Dialogs: each names its target, and shows what will be sent before anything is."""
