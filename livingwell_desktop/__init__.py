"""Living Well Desktop: drop-ins, needs assessments and joint care plans, through outages of hours or months."""

VERSION = "0.1.0"
