"""The forms of the staff page: somebody new or changed, and the two people who keep the recovery code."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.organisations import Role, Staff
from livingwell_desktop.domain.permissions import ROLE_WORDS
from livingwell_desktop.security.server_way import ServerWay
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.ui.widgets.field_frame import ErrorSummary, FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, TextField
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.words import Words


class Form(QWidget):
    """Fields under their labels, with what there is to mend on top and beside the field."""

    def __init__(self) -> None:
        super().__init__()
        self.frames: dict[str, FieldFrame] = {}
        self.errors = ErrorSummary()
        self.errors.hide()
        self.column = Column(self, spacing=14)
        self.column.add(self.errors)

    def put(self, name: str, label: str, field: QWidget, hint: str = "") -> None:
        """A field; `name` is what a problem calls it, the label is what people and tests call it."""
        field.setObjectName(label.lower())
        self.frames[name] = FieldFrame(label, field, hint=hint)
        self.column.add(self.frames[name])

    def show_problem(self, problem: Problem) -> None:
        """Say what there is to mend; what was typed stays."""
        for frame in self.frames.values():
            frame.clear_error()
        for each in problem.fields:
            if each.field in self.frames:
                self.frames[each.field].set_error(each.sentence)
        named = [(each.sentence, self.frames[each.field].field) for each in problem.fields if each.field in self.frames]
        self.errors.show_errors(named or [(problem.advice, None)], problem.title)
        self.errors.show()


class StaffForm(Form):
    """Who somebody is and where they work. `fields` is what was typed."""

    def __init__(self, everybody: Alliance, staff: Staff | None, *, may_give_roles: bool) -> None:
        super().__init__()
        value = staff or Staff()
        self.given, self.family = TextField(value.given_name), TextField(value.family_name)
        self.job = TextField(value.job_title)
        self.role = ChoiceField([(role.value, words) for role, words in ROLE_WORDS.items()], str(value.role))
        self.organisation = ChoiceField(
            [(str(each), held.value.short_name or held.value.name) for each, held in everybody.organisations.items()],
            str(value.organisation) if value.organisation else None,
        )
        self.centre = ChoiceField(
            [(str(each), held.value.name) for each, held in everybody.centres.items()],
            str(value.centre) if value.centre else None,
        )
        self.put("given_name", "First name", self.given)
        self.put("family_name", "Last name", self.family)
        self.put("job_title", "Job title", self.job, "As people are told, like Housing officer")
        if may_give_roles:
            self.put("role", "Role", self.role, "What they may do in this program")
        self.put("organisation", "Organisation", self.organisation)
        self.put("centre", "Usual centre", self.centre)
        self._roles = may_give_roles

    def fields(self) -> Mapping[str, Any]:
        """The fields as the record has them."""
        typed: dict[str, Any] = {
            "given_name": self.given.text().strip(),
            "family_name": self.family.text().strip(),
            "job_title": self.job.text().strip(),
            "organisation": _id(self.organisation.code()),
            "centre": _id(self.centre.code()),
        }
        role = self.role.code()
        if self._roles and role is not None and role in set(Role):
            typed["role"] = Role(role)
        return typed


class ServesForm(Form):
    """Whom the desks of this centre serve."""

    def __init__(self, everybody: Alliance, serves: UUID | None) -> None:
        super().__init__()
        words = (
            "Choose an organisation only for an office that works for it alone. When a person takes back what they "
            "shared with that organisation, their record leaves the desks of this centre, until they share it again."
        )
        self.column.add(Words(words, "conversation", "secondary", wrap=True))
        self.organisation = ChoiceField(
            [(str(each), held.value.name) for each, held in everybody.organisations.items()],
            str(serves) if serves else None,
            nothing="The whole alliance",
        )
        self.put("organisation", "Serves", self.organisation)

    def chosen(self) -> UUID | None:
        """The organisation; None for the whole alliance."""
        return _id(self.organisation.code())


class WayForm(Form):
    """Where this desk sends its records."""

    def __init__(self, way: ServerWay | None) -> None:
        super().__init__()
        words = (
            "Everything that is recorded here is sent there. Change it only when IT support gave you the address. "
            "It counts from the next time somebody signs in."
        )
        if way is None:
            words = (
                "The settings were changed or deleted by nobody who may, and nothing is sent now. Ask IT support for "
                "the right ones before you save. They count from the next time somebody signs in."
            )
        self.column.add(Words(words, "conversation", "secondary", wrap=True))
        known = way or ServerWay("")
        self.url, self.proxy = TextField(known.url), TextField(known.proxy)
        self.authorities = TextField(known.authorities)
        self.put("url", "Server", self.url, "It begins with https://")
        self.put("proxy", "Proxy to the server", self.proxy, "Nothing: as the PC says")
        self.put("authorities", "File of certificates", self.authorities, "Of the site’s own authority or a proxy")

    def typed(self) -> tuple[str, str, str]:
        """Server, proxy and file as typed."""
        return self.url.text(), self.proxy.text(), self.authorities.text()


class KeepersForm(Form):
    """The two people who keep the envelope."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = TextField(), TextField()
        words = (
            "The code opens every desk of this centre when a passphrase is forgotten and nobody can be reached. "
            "Print it, seal it in an envelope, and keep it where two people must go together. "
            "The code before stops working."
        )
        self.column.add(Words(words, "conversation", "secondary", wrap=True))
        self.put("keepers", "First keeper", self.first)
        self.put("second", "Second keeper", self.second)

    def names(self) -> tuple[str, str]:
        """Both names as typed."""
        return self.first.text(), self.second.text()


class CodeShown(QWidget):
    """A code that is shown once: large, in groups of four, with what it is for."""

    def __init__(self, code: str, sentences: tuple[str, ...]) -> None:
        super().__init__()
        column = Column(self, spacing=14)
        self.code = Words(code, "title")
        self.code.setObjectName("the code")
        self.code.setAccessibleName(f"The code: {' '.join(code)}")
        column.add(self.code)
        for sentence in sentences:
            column.add(Words(sentence, "body", wrap=True))


def _id(code: str | None) -> UUID | None:
    return UUID(code) if code else None
