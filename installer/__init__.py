"""Sets up a bare checkout and runs it: `dev.py`, the locked dependencies, and the demo."""
