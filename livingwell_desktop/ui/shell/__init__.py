"""The window around the pages: navigation, palette, status line, lock."""
