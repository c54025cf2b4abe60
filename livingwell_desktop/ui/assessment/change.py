"""What has changed since last time, shown to the person, who chooses what to work on; or the result without areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.domain.dates import day_and_month, local_day, long_date
from livingwell_desktop.domain.questionnaire import Answers, Questionnaire
from livingwell_desktop.domain.scoring import AnswersChange, Score, change, scores
from livingwell_desktop.domain.wording import number_word, sentence_case
from livingwell_desktop.services.assessments import Assessment, Completed
from livingwell_desktop.ui.assessment.steps import Step, asks_more_help, steps, words
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.change_picture import ChangeLegend, ChangeLine, ChangePicture, Scale
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.surfaces import Panel, Rule, ScrollBody
from livingwell_desktop.ui.widgets.words import Words


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """Everything the picture shows. `before` is None the first time; `completed` when it is signed already."""

    questionnaire: Questionnaire
    called: str
    """What to call the person; empty while names are hidden."""
    answers: Answers
    before: Answers | None
    before_on: date | None
    today: date
    change: AnswersChange
    chosen: tuple[str, ...] = ()
    completed: bool = False

    @property
    def has_areas(self) -> bool:
        """Whether areas to work on are chosen from it."""
        return self.questionnaire.most_areas > 0

    @property
    def title(self) -> str:
        """ "What has changed, Ngozi?"."""
        whom = f", {self.called}" if self.called else ""
        if not self.has_areas:
            return f"{self.questionnaire.title} result"
        return f"What has changed{whom}?" if self.before is not None else f"How are things{whom}?"

    @property
    def sentence(self) -> str:
        """How the answers moved, and what to do now."""
        parts = [self.change.sentence]
        if any((each.difference or 0) > 0 for each in self.change.items) and self.has_areas:
            parts.append("What helped?")
        if self.has_areas and not self.completed:
            parts.append(f"Choose up to {number_word(self.questionnaire.most_areas)} areas to work on.")
        return " ".join(parts)

    def lines(self) -> tuple[ChangeLine, ...]:
        """A line for each rated question that is asked."""
        by_name = {step.item.link_id: step for step in steps(self.questionnaire, self.answers)}
        made = []
        for each in self.change.items:
            step = by_name.get(each.item.link_id)
            if step is not None:
                more = asks_more_help(step, self.answers)
                made.append(ChangeLine(each.item.link_id, step.name, each.old, each.new, more, step.group))
        return tuple(made)


def facts_so_far(
    assessment: Assessment, answers: Answers, chosen: tuple[str, ...], called: str, today: date
) -> ChangeFacts:
    """The picture of answers that are not completed yet."""
    last = assessment.last
    old = last.value.answers if last is not None else None
    at = last.value.authored_at if last is not None else None
    return ChangeFacts(
        questionnaire=assessment.questionnaire,
        called=called,
        answers=answers,
        before=old,
        before_on=local_day(at) if at else None,
        today=today,
        change=change(assessment.questionnaire, old, answers),
        chosen=chosen,
    )


def completed_facts(completed: Completed, called: str, today: date) -> ChangeFacts:
    """The picture of a completed assessment beside the one before. Raises LookupError without its questionnaire."""
    if completed.questionnaire is None:
        raise LookupError("the questionnaire is not on this desk")
    value, before = completed.response.value, completed.before
    old = before.value.answers if before is not None else None
    at = before.value.authored_at if before is not None else None
    return ChangeFacts(
        questionnaire=completed.questionnaire,
        called=called,
        answers=value.answers,
        before=old,
        before_on=local_day(at) if at else None,
        today=today,
        change=change(completed.questionnaire, old, value.answers),
        chosen=value.chosen,
        completed=True,
    )


class ScorePanel(Panel):
    """One score: what it is of, the figure, what it was, and how much was answered when not all was."""

    def __init__(self, score: Score, before: Score | None, before_on: str, parent: QWidget | None = None) -> None:
        super().__init__("sunken", parent=parent)
        self.setObjectName(f"score {score.id}")
        column = Column(self, spacing=2, margins=(18, 8, 18, 8))
        method = "average of" if score.method == "mean" else "sum of"
        column.add(Words(f"{score.title}, {method} {score.out_of}", "conversation", "secondary"))
        row = Row(spacing=10)
        if score.value is None:
            row.add(Words("No score yet", "card"), Words(score.answered_words, "conversation", "secondary"))
        else:
            row.add(Words(score.shown, "title"))
            notes = [score.words] if score.method == "sum" and score.words else []
            if before is not None and before.value is not None and before_on:
                notes.append(f"was {before.shown} on {before_on}")
            if score.answered < score.out_of:
                notes.append(score.answered_words)
            row.add(Words(", ".join(notes), "conversation", "secondary"))
        row.push()
        column.add(row)
        said = [score.title, score.shown or "no score yet", score.words, score.answered_words]
        self.setAccessibleName(", ".join(part for part in said if part))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


class ChangeView(QWidget):
    """The page of the picture. `go_back` and `go_on` are its two buttons; `chosen` carries the areas chosen."""

    chosen = Signal(object)
    go_back = Signal()
    go_on = Signal()

    def __init__(self, *, full_screen: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._full = full_screen
        side = 80 if full_screen else 24
        self.facts: ChangeFacts | None = None
        self.picture: ChangePicture | None = None
        outer = Column(self, spacing=0)
        self._scroll = ScrollBody(spacing=12, margins=(side, 48 if full_screen else 18, side, 12))
        outer.add(self._scroll, stretch=1)
        outer.add(Rule())
        foot = Row(spacing=14, margins=(side, 10, side, 10))
        self.back_button = Button(
            "Back" if full_screen else "Back to answers",
            key="Esc" if full_screen else "←",
            size="conversation",
        )
        self.back_button.setObjectName("back to answers")
        self.back_button.clicked.connect(self.go_back)
        self.count = Words("", "conversation", "secondary")
        self.count.setObjectName("areas chosen")
        self.forward = Button("Done", "primary", icon="arrow-right", key="Enter", size="conversation")
        self.forward.setObjectName("talk about these")
        self.forward.clicked.connect(self.go_on)
        foot.add(self.back_button)
        foot.push()
        foot.add(self.count, self.forward)
        outer.add(foot)

    def show_facts(self, facts: ChangeFacts) -> None:
        """Show the picture; a choice that was begun stays."""
        self.facts = facts
        clear(self._scroll.body)
        self.picture = None
        content = QWidget()
        body = Column(content, spacing=12)
        body.add(self._head(facts))
        body.add(self._scores(facts))
        if facts.has_areas:
            body.gap(2)
            body.add(self._made_picture(facts))
        else:
            body.add(self._answers(facts))
        self._scroll.body.add(content)
        # Shown at once, not with the next event, so that the focus can be put on a box.
        content.show()
        self._show_chosen(facts.chosen)

    def areas(self) -> tuple[str, ...]:
        """The areas chosen now."""
        if self.picture is not None and self.picture.boxes:
            return self.picture.chosen()
        return self.facts.chosen if self.facts else ()

    def focus_first(self) -> None:
        """The first box to tick, or the way on."""
        boxes = self.picture.boxes if self.picture is not None else []
        (boxes[0] if boxes else self.forward).setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self, facts: ChangeFacts) -> Row:
        head = Row(spacing=14)
        column = Column(spacing=4)
        title = Words(facts.title, "question" if self._full else "title", wrap=True)
        title.setObjectName("change title")
        sentence = Words(facts.sentence, "card" if self._full else "body", "secondary", wrap=True)
        if self._full:
            sentence.set_role("lead")
        sentence.setObjectName("change sentence")
        column.add(title, sentence)
        head.add(column, stretch=1)
        if facts.before_on is not None and facts.has_areas:
            new = "Today" if not facts.completed else day_and_month(facts.today, facts.today)
            head.add(ChangeLegend(long_date(facts.before_on), new), align=Qt.AlignmentFlag.AlignVCenter)
        return head

    def _scores(self, facts: ChangeFacts) -> Row:
        row = Row(spacing=14)
        before = {each.id: each for each in scores(facts.questionnaire, facts.before or {})}
        on = day_and_month(facts.before_on, facts.today) if facts.before_on else ""
        for score in scores(facts.questionnaire, facts.answers):
            row.add(ScorePanel(score, before.get(score.id), on), stretch=1)
        return row

    def _made_picture(self, facts: ChangeFacts) -> ChangePicture:
        self.picture = ChangePicture(
            facts.lines(),
            scale_of(facts.questionnaire),
            chosen=facts.chosen,
            most=facts.questionnaire.most_areas,
            ticks=not facts.completed,
        )
        self.picture.setObjectName("change picture")
        for line, box in zip(facts.lines(), self.picture.boxes, strict=False):
            box.setObjectName(f"work on {line.key}")
        self.picture.chosen_changed.connect(self._chosen_changed)
        return self.picture

    def _answers(self, facts: ChangeFacts) -> AnswerList:
        return AnswerList(steps(facts.questionnaire, facts.answers), facts.answers, facts.before)

    def _chosen_changed(self, keys: tuple[str, ...]) -> None:
        self._show_chosen(keys)
        self.chosen.emit(keys)

    def _show_chosen(self, keys: tuple[str, ...]) -> None:
        facts = self.facts
        if facts is None:
            return
        most = facts.questionnaire.most_areas
        self.count.setVisible(facts.has_areas and not facts.completed)
        self.count.setText(f"{len(keys)} of up to {most} chosen" if keys else "No area chosen yet")
        if facts.completed:
            text = "Open the plan" if facts.has_areas else "Done"
        elif not facts.has_areas:
            text = "Done"
        else:
            text = {0: "Go on without an area", 1: "Talk about this one"}.get(
                len(keys), f"Talk about these {number_word(len(keys))}"
            )
        self.forward.set_text(text)
        self.back_button.setVisible(self._full or not facts.completed)


class AnswerList(QWidget):
    """Every question with its answer in words, today's and last time's; nothing can be changed here."""

    def __init__(self, asked: tuple[Step, ...], answers: Answers, before: Answers | None = None) -> None:
        super().__init__()
        column = Column(self, spacing=0)
        self.setAccessibleName("Answers")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        for number, step in enumerate(asked):
            if number:
                column.add(Rule())
            row = Row(spacing=18, margins=(0, 8, 0, 8))
            row.add(Words(step.item.text, "body", wrap=True), stretch=3)
            said = Column(spacing=2)
            said.add(Words(words(step.item, answers.get(step.item.link_id)), "strong", wrap=True))
            if before is not None and before.get(step.item.link_id) is not None:
                last = words(step.item, before.get(step.item.link_id))
                said.add(Words(f"Last time: {last}", "conversation", "secondary", wrap=True))
            for item in step.beside:
                if answers.get(item.link_id) is not None:
                    text = f"{sentence_case(item.text)} {words(item, answers.get(item.link_id))}"
                    said.add(Words(text, "conversation", "secondary", wrap=True))
            row.add(said, stretch=2)
            column.add(row)


def scale_of(questionnaire: Questionnaire) -> Scale:
    """The ends of the scale and their words, as the file declares them in its first score."""
    if not questionnaire.scoring:
        return Scale()
    values = [each.value for item in questionnaire.rated for each in item.options if isinstance(each.value, int)]
    bands = questionnaire.scoring[0].bands
    low, high = (bands[0].words, bands[-1].words) if bands else ("", "")
    return Scale(min(values, default=1), max(values, default=7), low, high)
