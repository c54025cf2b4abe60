"""Sync: what a desk and the server say to each other, and the thread that says it."""
