"""Registering somebody who stands at the desk: date of birth first, look-alikes before saving, one act at the end."""

from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut

from livingwell_desktop.domain.dates import clock_time, local, month_number
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.names import initials
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.searching import TermKind, parse_query
from livingwell_desktop.services import finding, people, reception, registration
from livingwell_desktop.services.arriving import LONGEST_WORDS, visit_today
from livingwell_desktop.storage import Changes, Draft
from livingwell_desktop.ui.keeping import Keeping
from livingwell_desktop.ui.pages import Desk, NewPersonPlace, Page, PageAction, PersonPlace, Place, TodayPlace
from livingwell_desktop.ui.reception.look_alike_strip import LookAlikeStrip
from livingwell_desktop.ui.reception.person_form import PersonForm
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.field_frame import ErrorSummary
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.surfaces import PageTitle, Rule, ScrollBody
from livingwell_desktop.ui.widgets.words import Words

LOOK_AFTER = 150


class NewPersonPage(Page):
    """The form of a registration. What is typed survives leaving, locking and a power cut."""

    shows = NewPersonPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setObjectName("new person")
        self._place = NewPersonPlace()
        self._draft: UUID | None = None
        self._kept: Draft | None = None
        self._seen: frozenset[UUID] = frozenset()
        """The look-alikes that were on the screen when somebody pressed Register."""
        self._keeping = Keeping(self, self._save_draft, desk.say)
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(LOOK_AFTER)
        self._build()
        self._bind()

    def _build(self) -> None:
        column = Column(self, spacing=0)
        self.form_body = ScrollBody(margins=(24, 18, 24, 18))
        self.title = PageTitle("New person", "The date of birth first, then the name. Everything else can wait.")
        self.kept_strip = Notice("action", "", link="Go on")
        self.kept_strip.setObjectName("unfinished registration")
        self.discard = Button("Discard", "quiet", size="small")
        self.discard.setObjectName("discard")
        kept_row = Row(spacing=8)
        kept_row.add(self.kept_strip, stretch=1)
        kept_row.add(self.discard)
        self.summary = ErrorSummary()
        self.summary.setObjectName("there is a problem")
        self.form = PersonForm(self._staff())
        self.look_alikes = LookAlikeStrip(self.desk.practice)
        self.form.after_who.add(self.look_alikes)
        self.form_body.body.add(self.title, kept_row, self.summary, self.form)
        foot = Row(spacing=12, margins=(24, 10, 24, 12))
        self.saved = Words("", "conversation", "secondary")
        self.saved.setObjectName("saved")
        self.cancel = Button("Leave", key="Esc")
        self.cancel.setObjectName("leave")
        self.register = Button("Register and check in", "primary", key="Ctrl Enter")
        self.register.setObjectName("register and check in")
        foot.add(self.saved, stretch=1)
        foot.add(self.cancel, self.register)
        column.add(self.form_body, stretch=1)
        column.add(Rule(), foot)

    def _staff(self) -> list[tuple[str, str]]:
        here = reception.places(self.desk.practice).staff
        return [(str(held.id), f"{held.value.name}, {held.value.job_title}") for held in here]

    def _bind(self) -> None:
        self.form.changed.connect(self._typed)
        self.form.identity_changed.connect(self._looking.start)
        self._looking.timeout.connect(self._look)
        self.look_alikes.opened.connect(self._choose_known)
        self.kept_strip.followed.connect(self._go_on)
        self.discard.clicked.connect(self._discard)
        self.register.clicked.connect(self._register)
        self.cancel.clicked.connect(self.desk.back)
        self.desk.masking.changed.connect(lambda _on: self._look())
        for keys, run in (("Ctrl+Return", self._register), ("Ctrl+Enter", self._register), ("Esc", self.desk.back)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)

    # The page

    def show_place(self, place: Place) -> None:
        """Start with what was typed in the search box; an interrupted registration is offered on top."""
        assert isinstance(place, NewPersonPlace)
        self._place = place
        self._kept = registration.unfinished_registration(self.desk.practice)
        self._draft, self._seen = None, frozenset()
        self.form.sees.set_options(self._staff())
        self.form.set_typed(_from_search(place.typed, self))
        self._settle()
        self.summary.show_errors([])
        self.look_alikes.show_people((), None, False)
        words = "Register and check in" if place.check_in else "Register"
        self.register.set_text(words)
        act = Act.CHECK_IN if place.check_in else Act.REGISTER
        ruling = self.desk.practice.may(act)
        self.register.set_allowed(ruling.allowed, ruling.reason)
        self._offer_kept()
        self._look()
        first = self.form.given_name if any(self.form.born.value()) else self.form.born.day
        first.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def concerned(self, changes: Changes) -> bool:
        """People: a look-alike may have arrived from another desk."""
        return "person" in changes.kinds

    def refresh(self) -> None:
        """Look for look-alikes again. Nothing typed is touched."""
        self._look()

    def leave(self) -> None:
        """Keep what is typed."""
        self._keep()

    def actions_here(self) -> tuple[PageAction, ...]:
        """Registering, by name."""
        ruling = self.desk.practice.may(Act.REGISTER)
        return (PageAction(self.register.words(), "Ctrl Enter", self._register, ruling.reason),)

    # Drafts

    def _typed(self) -> None:
        self.saved.setText("")
        self._keeping.typed()

    def _settle(self) -> None:
        """Nothing is unsaved now."""
        self._keeping.forget()
        self._looking.stop()
        self.saved.setText("")

    def _keep(self) -> None:
        self._keeping.keep()

    def _save_draft(self) -> None:
        if self.form.is_empty():
            return
        draft = self._draft or self.desk.practice.new_id()
        self.saved.setText("What you typed is not saved yet.")
        registration.keep_registration(self.desk.practice, draft, self.form.typed())
        self._draft = draft
        self.saved.setText(f"Saved {clock_time(local(self.desk.practice.now()).time())} on this desk")

    def _offer_kept(self) -> None:
        kept = self._kept
        for widget in (self.kept_strip, self.discard):
            widget.setVisible(kept is not None)
        if kept is None:
            return
        name = f"{kept.body.get('given_name', '')} {kept.body.get('family_name', '')}".strip()[:40]
        name = " ".join(initials(name)) if self.desk.masking.on else name
        at = clock_time(local(kept.saved_at).time())
        self.kept_strip.set_words(
            f"It was kept on this desk at {at}.",
            strong=f"You began to register {name or 'somebody'}. Go on?",
            link="Go on",
        )

    def _go_on(self) -> None:
        if self._kept is None:
            return
        self._keep()
        kept = registration.go_on(self.desk.practice, self._kept)
        self._draft = kept.id
        self.form.set_typed(kept.body)
        self._kept = None
        self._settle()
        self._offer_kept()
        self._look()
        self.form.given_name.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _discard(self) -> None:
        if self._kept is not None:
            registration.drop_registration(self.desk.practice, self._kept.id)
        self._kept = registration.unfinished_registration(self.desk.practice)
        if self._kept is not None and self._kept.id == self._draft:
            self._kept = None
        self._offer_kept()
        self.form.born.day.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self) -> None:
        self._settle()
        if self._draft is not None:
            registration.drop_registration(self.desk.practice, self._draft)
        self._draft = None
        self.form.set_typed({})
        self._settle()

    # Look-alikes

    def _look(self) -> None:
        self._looking.stop()
        candidate = self.form.candidate(self.desk.practice.today())
        if not candidate.name and not candidate.phone_e164 and not candidate.nhs_number:
            self.look_alikes.show_people((), None, False)
            return
        found, words = finding.like(self.desk.practice, candidate)
        self.look_alikes.show_people(found, words, self.desk.masking.on)

    def _choose_known(self, person: UUID) -> None:
        """It is somebody we know: check them in, or open their row if they are here already."""
        practice = self.desk.practice
        visit = visit_today(practice, person)
        try:
            if visit is not None:
                self._forget()
                self.desk.go(TodayPlace(visit.id))
            elif self._place.check_in:
                done = reception.check_in(practice, person, reason=self.form.reason.text(), sees=self.form.seen_by())
                name = self._shown_name(person)
                self._forget()
                self.desk.go(TodayPlace(done.visit))
                self.desk.say("success", f"{name} has ticket {done.ticket}. Press T to print it.")
            else:
                self._forget()
                self.desk.go(PersonPlace(person))
        except Problem as problem:
            self._show_problem(problem)

    def _shown_name(self, person: UUID) -> str:
        held = people.details_of(self.desk.practice, person)
        name = held.value.name if held else "This person"
        return " ".join(initials(name)) if self.desk.masking.on else name

    # Registering

    def _register(self) -> None:
        if not self.register.isEnabled():
            return
        try:
            person = self._checked()
        except Problem as problem:
            self._show_problem(problem)
            return
        self._look()
        if self.look_alikes.keys - self._seen:
            self._stop_at_look_alikes()
            return
        try:
            self._save(person)
        except Problem as problem:
            self._show_problem(problem)

    def _checked(self) -> Person:
        """The person, with every field that needs mending said at once. Raises Problem."""
        problems: list[FieldProblem] = []
        born = None
        try:
            born = self.form.birth_date(self.desk.practice.today())
        except Problem as problem:
            problems.extend(problem.fields)
        person = self.form.person(born)
        try:
            person = people.checked(person)
        except Problem as problem:
            problems.extend(problem.fields)
        reason = self.form.reason.text().strip()
        if len(reason) > LONGEST_WORDS:
            sentence = f"This has {len(reason):,} characters. Shorten it to {LONGEST_WORDS} or fewer."
            problems.append(FieldProblem("reason", sentence))
        if problems:
            raise Problem("There is a problem", "", "", tuple(problems))
        return person

    def _stop_at_look_alikes(self) -> None:
        self._seen = self.look_alikes.keys
        self.summary.show_errors([])
        self.saved.setText("Look at these first. Press Ctrl Enter again if it is somebody new.")
        self.form_body.show_whole(self.look_alikes)
        self.look_alikes.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self, person: Person) -> None:
        practice = self.desk.practice
        name = " ".join(initials(person.name)) if self.desk.masking.on else person.name
        if self._place.check_in:
            done = registration.register_and_check_in(
                practice, person, reason=self.form.reason.text(), sees=self.form.seen_by(), forget=self._draft
            )
            self._forget()
            self.desk.go(TodayPlace(done.visit))
            self.desk.say("success", f"{name} has ticket {done.ticket}. Press T to print it.")
        else:
            record = people.register(practice, person, forget=self._draft)
            self._forget()
            self.desk.go(PersonPlace(record))
            self.desk.say("success", f"{name} is registered.")

    def _show_problem(self, problem: Problem) -> None:
        if problem.fields:
            self.summary.show_errors(self.form.show_problems(problem.fields))
        else:
            self.form.show_problems(())
            self.summary.show_errors([(problem.advice, None)], problem.title)
        self.form_body.show_whole(self.summary)


def _from_search(typed: str, page: NewPersonPage) -> dict[str, object]:
    """What was typed in the search box, put where it belongs: words are the name, a whole date is the date of birth."""
    with_figures = any(sign.isdigit() for sign in typed)
    words = [
        word
        for word in typed.split()
        if not any(sign.isdigit() for sign in word) and not (with_figures and month_number(word))
    ]
    found: dict[str, object] = {}
    if words:
        hurried = all(word.islower() for word in words)
        names = [_capital(word) if hurried else word for word in words]
        found["given_name"], found["family_name"] = names[0], " ".join(names[1:])
    query = parse_query(typed, page.desk.practice.today())
    born = next((term.born for term in query.terms if term.kind is TermKind.BORN and term.born), None)
    if born and born.day and born.month and born.year:
        found["born"] = [str(born.day), str(born.month), str(born.year)]
    return found


def _capital(word: str) -> str:
    """A word of a name that was typed in small letters, in a hurry."""
    return word[:1].upper() + word[1:]
