"""Scores, prompts and changes of a questionnaire, all as its file declares them. Nothing missing is ever made up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from livingwell_desktop.domain.questionnaire import (
    Answers,
    Item,
    PromptRule,
    Questionnaire,
    ScoreRule,
    asked_answers,
    enabled_items,
)
from livingwell_desktop.domain.wording import number_word, sentence_case


@dataclass(frozen=True, slots=True)
class Score:
    """One score. `value` is None when too few questions are answered; `words` is what the file says it means."""

    id: str
    title: str
    method: str
    value: float | None
    answered: int
    out_of: int
    words: str = ""

    @property
    def shown(self) -> str:
        """The score as people read it: a mean with one decimal ("3.6"), a sum whole ("12"); empty without a score."""
        if self.value is None:
            return ""
        if self.method == "sum":
            return f"{self.value:g}"
        return str(Decimal(repr(self.value)).quantize(Decimal("0.1"), ROUND_HALF_UP))

    @property
    def answered_words(self) -> str:
        """ "5 of 8 answered"."""
        return f"{self.answered} of {self.out_of} answered"


def scores(questionnaire: Questionnaire, answers: Answers) -> tuple[Score, ...]:
    """Every score the questionnaire declares, in its order."""
    asked = {item.link_id for item in enabled_items(questionnaire, answers)}
    given = asked_answers(questionnaire, answers)
    numbers = {
        link_id: answer for link_id, answer in given.items() if isinstance(answer, int) and not isinstance(answer, bool)
    }
    return tuple(_score(rule, asked, numbers) for rule in questionnaire.scoring)


def _score(rule: ScoreRule, asked: set[str], numbers: dict[str, int]) -> Score:
    items = [link_id for link_id in rule.items if link_id in asked]
    found = [numbers[link_id] for link_id in items if link_id in numbers]
    value: float | None = None
    if found and len(found) >= min(rule.minimum_answered, len(items)):
        value = float(sum(found)) if rule.method == "sum" else float(Fraction(sum(found), len(found)))
    words = "" if value is None else next((band.words for band in rule.bands if band.holds(value)), "")
    return Score(rule.id, rule.title, rule.method, value, len(found), len(items), words)


def prompts(questionnaire: Questionnaire, answers: Answers) -> tuple[PromptRule, ...]:
    """The prompts that the answers open now, such as "talk about safety now". Shown at once, not at the end."""
    given = asked_answers(questionnaire, answers)
    return tuple(rule for rule in questionnaire.prompting if rule.condition.holds(given.get(rule.condition.question)))


class Direction(StrEnum):
    """How an answer moved since last time, in the word that is shown."""

    UP = "Up"
    DOWN = "Down"
    SAME = "Same"
    FIRST_TIME = "First time"
    NOT_ANSWERED = "Not answered"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One rated question: last answer, this answer, and the difference when there are both."""

    item: Item
    old: int | None
    new: int | None

    @property
    def difference(self) -> int | None:
        """New less old, or None when one of them is missing."""
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def direction(self) -> Direction:
        """The word for it."""
        if self.new is None:
            return Direction.NOT_ANSWERED
        if self.old is None:
            return Direction.FIRST_TIME
        return Direction.SAME if self.new == self.old else Direction.UP if self.new > self.old else Direction.DOWN

    @property
    def words(self) -> str:
        """ "Up 1", "Same", "First time"."""
        return f"{self.direction} {abs(self.difference)}" if self.difference else str(self.direction)


@dataclass(frozen=True, slots=True)
class AnswersChange:
    """Every rated question in order, and one sentence that says how they moved."""

    items: tuple[ItemChange, ...]
    sentence: str

    def item(self, link_id: str) -> ItemChange | None:
        """The change of one question, or None."""
        return next((found for found in self.items if found.item.link_id == link_id), None)


def change(questionnaire: Questionnaire, previous: Answers | None, answers: Answers) -> AnswersChange:
    """How answers moved since `previous` (None: there was no last time). Keyed on linkId, never on an item's number."""
    before = asked_answers(questionnaire, previous or {})
    now = asked_answers(questionnaire, answers)
    items = tuple(
        ItemChange(item, _number(before, item.link_id), _number(now, item.link_id)) for item in questionnaire.rated
    )
    return AnswersChange(items, _sentence(questionnaire, items))


def _number(answers: Answers, link_id: str) -> int | None:
    answer = answers.get(link_id)
    return answer if isinstance(answer, int) and not isinstance(answer, bool) else None


def _sentence(questionnaire: Questionnaire, items: Sequence[ItemChange]) -> str:
    """ "Five areas went up and two went down."."""
    compared = [item for item in items if item.difference is not None]
    if not compared:
        answered = any(item.new is not None for item in items)
        return "This is the first time, so there is nothing to compare yet." if answered else "Nothing is answered yet."
    up = sum(item.direction is Direction.UP for item in compared)
    down = sum(item.direction is Direction.DOWN for item in compared)
    if not up and not down:
        return f"All {questionnaire.area_many} stayed the same." if len(compared) > 1 else "It stayed the same."
    first, word = (up, "up") if up else (down, "down")
    noun = questionnaire.area_one if first == 1 else questionnaire.area_many
    rest = f" and {number_word(down)} went down" if up and down else ""
    return f"{sentence_case(number_word(first))} {noun} went {word}{rest}."
