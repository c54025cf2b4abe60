"""Problems that belong to one field of a form, and several of them gathered into one."""

from collections.abc import Iterable

from livingwell_desktop.domain.errors import FieldProblem, Problem

TITLE = "There is a problem"


def field_problem(field: str, what_happened: str, what_to_do: str) -> Problem:
    """A problem with one field. Both sentences stand beside the field; together they say how to mend it."""
    return Problem(TITLE, what_happened, what_to_do, (FieldProblem(field, f"{what_happened} {what_to_do}"),))


def together(problems: Iterable[Problem]) -> Problem | None:
    """One problem that names every field of `problems`, in their order; None when there are none.

    A form checks all its fields before it speaks, so that nobody mends one mistake only to be told of the next.
    """
    found = tuple(problems)
    if len(found) < 2:
        return found[0] if found else None
    fields = tuple(field for problem in found for field in problem.fields)
    return Problem(TITLE, f"{len(found)} answers need another look.", "Each one says how to mend it.", fields)
