"""The demonstration: a made-up alliance, the same every time, and the windows that show it."""
