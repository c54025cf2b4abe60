"""Asking a questionnaire and looking at the change with the person."""

from livingwell_desktop.ui.assessment.answering import AssessmentPage

__all__ = ["AssessmentPage"]
