"""Questionnaires (FHIR R4 `Questionnaire`) as frozen values: which questions are asked, and whether answers fit them.

Answers are flat, by linkId. A choice is answered by its option's value: the ordinal number when the option declares
one, else its code. Yes or no is a bool, words are a str, and None (or nothing) is "not answered", never a number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from livingwell_desktop.domain.errors import FieldProblem

Answer = int | bool | str | None
Answers = Mapping[str, Answer]

LONGEST_TEXT = 20_000
"""Characters of one answer in words."""


class ItemType(StrEnum):
    """The types of FHIR R4 that this program can ask."""

    GROUP = "group"
    DISPLAY = "display"
    CHOICE = "choice"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    TEXT = "text"
    STRING = "string"


class Operator(StrEnum):
    """How an enableWhen compares."""

    EXISTS = "exists"
    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER = ">"
    LESS = "<"
    AT_LEAST = ">="
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Coding:
    """A code of a code system, like a SNOMED CT concept."""

    system: str
    code: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen. `value` is what is stored."""

    value: int | str
    code: str
    display: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One enableWhen: the answer to `question` compared with `answer` (for EXISTS: whether it is answered)."""

    question: str
    operator: Operator
    answer: int | bool | str

    def holds(self, given: Answer) -> bool:
        """Whether it holds for an answer. FHIR R4: with no answer only "!=" and "does not exist" hold."""
        if self.operator is Operator.EXISTS:
            return (given is not None) == bool(self.answer)
        if given is None:
            return self.operator is Operator.NOT_EQUAL
        if self.operator in (Operator.EQUAL, Operator.NOT_EQUAL):
            return _same(given, self.answer) == (self.operator is Operator.EQUAL)
        if isinstance(given, str) or isinstance(self.answer, str):
            return False
        return {
            Operator.GREATER: given > self.answer,
            Operator.LESS: given < self.answer,
            Operator.AT_LEAST: given >= self.answer,
            Operator.AT_MOST: given <= self.answer,
        }[self.operator]


@dataclass(frozen=True, slots=True)
class Item:
    """A question, a group of them, or words to show. `short_name` is for a list or a chart."""

    link_id: str
    type: ItemType
    text: str = ""
    short_name: str = ""
    prefix: str = ""
    icon: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False
    codes: tuple[Coding, ...] = ()
    items: tuple["Item", ...] = ()

    @property
    def is_question(self) -> bool:
        """Whether it can be answered."""
        return self.type not in (ItemType.GROUP, ItemType.DISPLAY)

    def option(self, value: Answer) -> Option | None:
        """The option that an answer chose, or None."""
        return next((option for option in self.options if _same(option.value, value)), None)


@dataclass(frozen=True, slots=True)
class Band:
    """What a score means in words, from `low` to `high`; a side that is None is open, and may leave its end out."""

    words: str
    low: float | None = None
    high: float | None = None
    without_low: bool = False
    without_high: bool = False

    def holds(self, value: float) -> bool:
        """Whether a score lies in it."""
        above = self.low is None or value > self.low or (value == self.low and not self.without_low)
        below = self.high is None or value < self.high or (value == self.high and not self.without_high)
        return above and below


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """How a score is made: the mean or sum of `items`, given only when at least `minimum_answered` are answered.

    A question that is not asked (enableWhen) adds 0 to a sum and is left out of a mean, and need not be answered.
    """

    id: str
    title: str
    method: str
    items: tuple[str, ...]
    minimum_answered: int
    lowest: float
    highest: float
    bands: tuple[Band, ...] = ()
    reliable_change: float | None = None
    codes: tuple[Coding, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptRule:
    """Words to show to the worker as soon as an answer meets `condition`. Never a grade."""

    id: str
    title: str
    text: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the conversation that follows, with its prompts."""

    name: str
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """A questionnaire as its file says it.

    `area_one` and `area_many` are what its questions are called in a sentence; `stem` is asked before all of them.
    """

    url: str
    version: str
    name: str
    title: str
    status: str
    items: tuple[Item, ...]
    copyright: str = ""
    credit: str = ""
    licence_status: str = ""
    stem: str = ""
    area_one: str = "answer"
    area_many: str = "answers"
    higher_is_better: bool | None = None
    scoring: tuple[ScoreRule, ...] = ()
    prompting: tuple[PromptRule, ...] = ()
    steps: tuple[Step, ...] = ()
    most_areas: int = 0

    def all_items(self) -> Iterator[Item]:
        """Every item, each before those inside it."""
        return _walk(self.items)

    def item(self, link_id: str) -> Item | None:
        """The item of that linkId, or None."""
        return next((item for item in self.all_items() if item.link_id == link_id), None)

    @property
    def rated(self) -> tuple[Item, ...]:
        """The questions that scores are made of, in order; without scores, every choice."""
        scored = {link_id for rule in self.scoring for link_id in rule.items}
        return tuple(
            item for item in self.all_items() if (item.link_id in scored if scored else item.type is ItemType.CHOICE)
        )


def _walk(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.items)


def _same(one: Answer, other: Answer) -> bool:
    """Equal and of one type: True is not 1."""
    return type(one) is type(other) and one == other


def enabled_items(questionnaire: Questionnaire, answers: Answers) -> tuple[Item, ...]:
    """The items that are asked, in order, each before those inside it.

    The answer to a question that is not asked counts as no answer, also for the conditions of others.
    """
    by_id = {item.link_id: item for item in questionnaire.all_items()}
    parents = {child.link_id: item.link_id for item in by_id.values() for child in item.items}
    known: dict[str, bool] = {}

    def asked(link_id: str) -> bool:
        if link_id not in known:
            item, parent = by_id[link_id], parents.get(link_id)
            held = [holds(condition) for condition in item.conditions]
            own = not held or (any(held) if item.any_condition else all(held))
            known[link_id] = own and (parent is None or asked(parent))
        return known[link_id]

    def holds(condition: Condition) -> bool:
        return condition.holds(answers.get(condition.question) if asked(condition.question) else None)

    return tuple(item for item in by_id.values() if asked(item.link_id))


def asked_answers(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """Only the answers to questions that are asked and answered: what is scored and what is kept on completing."""
    return {
        item.link_id: answers[item.link_id]
        for item in enabled_items(questionnaire, answers)
        if item.is_question and is_answered(answers.get(item.link_id))
    }


def is_answered(answer: Answer) -> bool:
    """Whether something was answered. Empty words are no answer; 0 and "no" are answers."""
    return answer is not None and not (isinstance(answer, str) and not answer.strip())


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a questionnaire is: rated questions answered, and how many there are to answer."""

    answered: int
    out_of: int

    @property
    def words(self) -> str:
        """ "4 of 11 answered"."""
        return f"{self.answered} of {self.out_of} answered"


def progress(questionnaire: Questionnaire, answers: Answers) -> Progress:
    """How many of the rated questions that are asked have an answer. Help and notes do not count."""
    asked = {item.link_id for item in enabled_items(questionnaire, answers)}
    rated = [item for item in questionnaire.rated if item.link_id in asked]
    return Progress(sum(is_answered(answers.get(item.link_id)) for item in rated), len(rated))


def validate(questionnaire: Questionnaire, answers: Answers, *, complete: bool = False) -> tuple[FieldProblem, ...]:
    """What is wrong with answers, in the questionnaire's order, each by its linkId; nothing is an empty tuple.

    With `complete`, required questions that are asked and not answered are named too.
    """
    items = {item.link_id: item for item in questionnaire.all_items() if item.is_question}
    problems = [
        FieldProblem(link_id, "This questionnaire has no such question. Close it and open it again.")
        for link_id in answers
        if link_id not in items
    ]
    for item in items.values():
        sentence = _answer_problem(item, answers.get(item.link_id))
        if sentence:
            problems.append(FieldProblem(item.link_id, sentence))
    if complete:
        problems += [
            FieldProblem(item.link_id, f"Answer this question: {item.text}")
            for item in enabled_items(questionnaire, answers)
            if item.is_question and item.required and not is_answered(answers.get(item.link_id))
        ]
    return tuple(problems)


def _answer_problem(item: Item, answer: Answer) -> str:
    if answer is None:
        return ""
    is_number = isinstance(answer, int) and not isinstance(answer, bool)
    fits, how = {
        ItemType.CHOICE: (item.option(answer) is not None, "Choose one of the answers shown."),
        ItemType.BOOLEAN: (isinstance(answer, bool), "Answer yes or no."),
        ItemType.INTEGER: (is_number, "Enter a whole number."),
    }.get(item.type, (isinstance(answer, str), "Answer in words."))
    if fits and isinstance(answer, str) and len(answer) > LONGEST_TEXT:
        return f"Shorten this to {LONGEST_TEXT:,} characters or fewer. It has {len(answer):,}."
    return "" if fits else how
