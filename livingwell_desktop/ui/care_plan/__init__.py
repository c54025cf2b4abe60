"""The joint care plan, plans whose review is due, and papers before they are printed."""

from livingwell_desktop.ui.care_plan.plan import PlanPage
from livingwell_desktop.ui.care_plan.plans_due import PlansDuePage
from livingwell_desktop.ui.care_plan.preview import PreviewPage

__all__ = ["PlanPage", "PlansDuePage", "PreviewPage"]
