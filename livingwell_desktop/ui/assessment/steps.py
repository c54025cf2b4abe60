"""The order in which a questionnaire is walked through: one step a question, with what is asked beside it."""

from dataclasses import dataclass

from livingwell_desktop.domain.questionnaire import (
    Answer,
    Answers,
    Item,
    ItemType,
    Questionnaire,
    enabled_items,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One question on the screen. `beside` are the questions inside it, like "more help" and notes."""

    item: Item
    group: str
    """The words of the group it stands in; empty outside of groups."""
    beside: tuple[Item, ...]

    @property
    def name(self) -> str:
        """What a list calls it."""
        return self.item.short_name or self.item.text

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers that answer it; empty when it is not answered by a number key."""
        values = [option.value for option in self.item.options]
        return tuple(each for each in values if isinstance(each, int)) if all_numbers(self.item) else ()


def all_numbers(item: Item) -> bool:
    """Whether a choice is answered by numbers of one figure, so that number keys can be used."""
    return bool(item.options) and all(isinstance(each.value, int) and 0 <= each.value <= 9 for each in item.options)


def steps(questionnaire: Questionnaire, answers: Answers) -> tuple[Step, ...]:
    """Every question that is asked with these answers, in order. A question inside a question stands beside it."""
    asked = {item.link_id for item in enabled_items(questionnaire, answers)}
    found: list[Step] = []

    def walk(items: tuple[Item, ...], group: str) -> None:
        for item in items:
            if item.link_id not in asked:
                continue
            if item.is_question:
                inside = tuple(each for each in item.items if each.link_id in asked)
                found.append(Step(item, group, tuple(each for each in inside if each.type is not ItemType.GROUP)))
            else:
                walk(item.items, item.text if item.type is ItemType.GROUP else group)

    walk(questionnaire.items, "")
    return tuple(found)


def shown(answer: Answer) -> str:
    """An answer in a few letters, for the list of questions: the number, Yes, No, or that there are words."""
    if answer is None:
        return ""
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    if isinstance(answer, int):
        return str(answer)
    return "✓" if answer.strip() else ""


def words(item: Item, answer: Answer) -> str:
    """An answer as it is read: "4, In the middle", "Yes", the words themselves, or "Not answered"."""
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return "Not answered"
    if isinstance(answer, bool):
        return "Yes" if answer else "No"
    option = item.option(answer)
    if option is None:
        return str(answer)
    return f"{option.value}, {option.display}" if isinstance(option.value, int) else option.display


def asks_more_help(step: Step, answers: Answers) -> bool:
    """Whether the yes-or-no question beside it is answered with yes."""
    return any(each.type is ItemType.BOOLEAN and answers.get(each.link_id) is True for each in step.beside)
