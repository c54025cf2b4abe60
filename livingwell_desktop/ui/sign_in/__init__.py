"""Signing in, and the keeper that starts the program's processes."""
