"""The kind of error a person can act on. Everything else is a bug and goes to one place, without personal data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one field of a form: which field, and a sentence that says how to mend it."""

    field: str
    sentence: str


class Problem(Exception):  # noqa: N818 - it is named as people speak of it: "there is a problem"
    """Something a person can mend: a title, what happened, and what to do.

    The words are shown as they are, so they never hold personal data beyond what the person just typed.
    `fields` names the fields of the form that need mending, in the form's order.
    """

    def __init__(self, title: str, what_happened: str, what_to_do: str, fields: tuple[FieldProblem, ...] = ()) -> None:
        super().__init__(title)
        self.title = title
        self.what_happened = what_happened
        self.what_to_do = what_to_do
        self.fields = fields

    @property
    def advice(self) -> str:
        """What happened and what to do, for a place that shows the title apart or not at all."""
        return f"{self.what_happened} {self.what_to_do}"

    @property
    def words(self) -> str:
        """All of it in one line, for a strip."""
        return f"{self.title}. {self.advice}"
