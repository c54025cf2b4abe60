"""Reading a FHIR R4 `Questionnaire` resource into values, with our extensions (scores, prompts, licence, names)."""

from collections.abc import Iterator, Mapping
from typing import cast

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.questionnaire import (
    Band,
    Coding,
    Condition,
    Item,
    ItemType,
    Operator,
    Option,
    PromptRule,
    Questionnaire,
    ScoreRule,
    Step,
)

EXTENSION_BASE = "https://livingwell.example/fhir/StructureDefinition/"
ORDINAL_VALUE = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
LICENCES = ("GREEN", "AMBER", "RED")
METHODS = ("mean", "sum")

Json = Mapping[str, object]


def parse_questionnaire(resource: Json) -> Questionnaire:
    """The questionnaire in a decoded JSON resource.

    Raises Problem when it cannot be used: not a Questionnaire, a linkId missing or twice, a type this program cannot
    ask, a choice without options, or a rule that names a question that is not there or goes round in a circle.
    """
    if resource.get("resourceType") != "Questionnaire":
        raise _unusable("", "It is not a FHIR Questionnaire.")
    try:
        questionnaire = _questionnaire(resource)
    except (KeyError, ValueError, TypeError) as error:
        raise _unusable(_text(resource, "title"), f"Something is missing or has the wrong form: {error}.") from error
    _check(questionnaire)
    return questionnaire


def _unusable(title: str, why: str) -> Problem:
    named = f"The questionnaire “{title}” cannot be used" if title else "This questionnaire cannot be used"
    return Problem(named, why, "Ask whoever wrote the file to mend it, then add it again.")


def _questionnaire(resource: Json) -> Questionnaire:
    area = _parts(resource, "area")
    better = _value(resource, "higherIsBetter")
    return Questionnaire(
        url=_required(resource, "url"),
        version=_required(resource, "version"),
        name=_required(resource, "name"),
        title=_required(resource, "title"),
        status=_required(resource, "status"),
        items=_with_option_values(tuple(_item(item) for item in _objects(resource, "item"))),
        copyright=_text(resource, "copyright"),
        credit=str(_value(resource, "credit") or ""),
        licence_status=str(_value(resource, "licenceStatus") or ""),
        stem=str(_value(resource, "stem") or ""),
        area_one=str(area.get("one", "answer")),
        area_many=str(area.get("many", "answers")),
        higher_is_better=better if isinstance(better, bool) else None,
        scoring=tuple(_score_rule(extension) for extension in _extensions(resource, "score")),
        prompting=tuple(_prompt_rule(extension) for extension in _extensions(resource, "promptWhen")),
        steps=tuple(_step(extension) for extension in _extensions(resource, "conversationStep")),
        most_areas=int(_number(_value(resource, "mostAreas"), 0)),
    )


def _item(item: Json) -> Item:
    return Item(
        link_id=_required(item, "linkId"),
        type=ItemType(_required(item, "type")),
        text=_text(item, "text"),
        short_name=str(_value(item, "shortName") or _text(item, "text")),
        prefix=_text(item, "prefix"),
        icon=str(_value(item, "icon") or ""),
        required=item.get("required") is True,
        options=tuple(_option(option) for option in _objects(item, "answerOption")),
        conditions=tuple(_condition(condition) for condition in _objects(item, "enableWhen")),
        any_condition=item.get("enableBehavior") == "any",
        codes=tuple(_coding(code) for code in _objects(item, "code")),
        items=tuple(_item(child) for child in _objects(item, "item")),
    )


def _option(option: Json) -> Option:
    """FHIR R4 allows the ordinal value on the option or on its coding."""
    whole = option.get("valueInteger")
    if isinstance(whole, int):
        return Option(whole, str(whole), str(whole))
    if "valueString" in option:
        words = _required(option, "valueString")
        return Option(words, words, words)
    coding = _object(option, "valueCoding")
    code = _required(coding, "code")
    ordinal = next(
        (ext["valueDecimal"] for held in (option, coding) for ext in _objects(held, "extension")
         if ext.get("url") == ORDINAL_VALUE), None,
    )  # fmt: skip
    if ordinal is None:
        return Option(code, code, _text(coding, "display") or code)
    number = _number(ordinal, 0)
    if number != int(number):
        raise ValueError(f"the value of {code} is not a whole number")
    return Option(int(number), code, _text(coding, "display") or code)


def _condition(condition: Json) -> Condition:
    answers = {name: value for name, value in condition.items() if name.startswith("answer")}
    if len(answers) != 1:
        raise ValueError("an enableWhen needs one answer")
    answer = next(iter(answers.values()))
    if isinstance(answer, Mapping):
        answer = _required(cast(Json, answer), "code")
    if not isinstance(answer, bool | int | str):
        raise TypeError("an enableWhen compares with a code, a whole number, yes or no, or words")
    return Condition(_required(condition, "question"), Operator(_required(condition, "operator")), answer)


def _with_option_values(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Conditions name an option by its code; answers hold its value. Put the value into the conditions."""
    by_id = {item.link_id: item for item in _all(items)}
    return tuple(_resolved(item, by_id) for item in items)


def _resolved(item: Item, by_id: Mapping[str, Item]) -> Item:
    return Item(
        item.link_id, item.type, item.text, item.short_name, item.prefix, item.icon, item.required, item.options,
        tuple(_resolved_condition(condition, by_id) for condition in item.conditions),
        item.any_condition, item.codes, tuple(_resolved(child, by_id) for child in item.items),
    )  # fmt: skip


def _resolved_condition(condition: Condition, by_id: Mapping[str, Item]) -> Condition:
    question = by_id.get(condition.question)
    options = question.options if question else ()
    value = next((option.value for option in options if option.code == condition.answer), condition.answer)
    return Condition(condition.question, condition.operator, value)


def _all(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _all(item.items)


def _score_rule(extension: Json) -> ScoreRule:
    parts = _named(extension)
    items = tuple(str(value) for value in _values(extension, "item"))
    method = str(parts["method"])
    if method not in METHODS:
        raise ValueError(f"a score is a mean or a sum, not {method}")
    change = parts.get("reliableChange")
    return ScoreRule(
        id=str(parts["id"]),
        title=str(parts["title"]),
        method=method,
        items=items,
        minimum_answered=int(_number(parts.get("minimumAnswered"), len(items))),
        lowest=_number(parts["lowest"]),
        highest=_number(parts["highest"]),
        bands=tuple(_band(band) for band in _objects(extension, "extension") if band.get("url") == "band"),
        reliable_change=None if change is None else _number(change),
        codes=tuple(_coding(cast(Json, code)) for code in _values(extension, "code") if isinstance(code, Mapping)),
    )


def _band(extension: Json) -> Band:
    parts = _named(extension)
    low, high = parts.get("from", parts.get("above")), parts.get("to", parts.get("below"))
    return Band(
        words=str(parts["words"]),
        low=None if low is None else _number(low),
        high=None if high is None else _number(high),
        without_low="above" in parts,
        without_high="below" in parts,
    )


def _prompt_rule(extension: Json) -> PromptRule:
    parts = _named(extension)
    answer = parts["answer"]
    if not isinstance(answer, bool | int | str):
        raise TypeError("a prompt compares with a whole number, yes or no, or words")
    condition = Condition(str(parts["question"]), Operator(str(parts["operator"])), answer)
    return PromptRule(str(parts["id"]), str(parts["title"]), str(parts["text"]), condition)


def _step(extension: Json) -> Step:
    return Step(str(_named(extension)["name"]), tuple(str(value) for value in _values(extension, "prompt")))


def _check(questionnaire: Questionnaire) -> None:
    items = list(questionnaire.all_items())
    link_ids = [item.link_id for item in items]
    twice = next((link_id for link_id in link_ids if link_ids.count(link_id) > 1), None)
    questions = {item.link_id for item in items if item.is_question}
    named = [
        *(condition.question for item in items for condition in item.conditions),
        *(rule.condition.question for rule in questionnaire.prompting),
        *(link_id for rule in questionnaire.scoring for link_id in rule.items),
    ]
    missing = next((link_id for link_id in named if link_id not in questions), None)
    empty = next((item.link_id for item in items if item.type is ItemType.CHOICE and not item.options), None)
    checks = (
        (twice is not None, f"The linkId “{twice}” is there more than once."),
        (missing is not None, f"A rule names the question “{missing}”, which is not there."),
        (empty is not None, f"The question “{empty}” has no answers to choose from."),
        (questionnaire.licence_status not in ("", *LICENCES), f"Its licence must be one of {', '.join(LICENCES)}."),
    )
    found = next((sentence for is_wrong, sentence in checks if is_wrong), "")
    if not found and _goes_in_a_circle(questionnaire):
        found = "Its conditions go round in a circle."
    if found:
        raise _unusable(questionnaire.title, found)


def _goes_in_a_circle(questionnaire: Questionnaire) -> bool:
    """Whether asking a question could depend on itself, through conditions or the group it stands in."""
    needs: dict[str, set[str]] = {item.link_id: set() for item in questionnaire.all_items()}
    for item in questionnaire.all_items():
        needs[item.link_id] |= {condition.question for condition in item.conditions}
        for child in item.items:
            needs[child.link_id].add(item.link_id)
    while settled := {link_id for link_id, others in needs.items() if not others}:
        needs = {link_id: others - settled for link_id, others in needs.items() if link_id not in settled}
    return bool(needs)


def _required(holder: Json, name: str) -> str:
    value = holder[name]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be text")
    return value


def _text(holder: Json, name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _object(holder: Json, name: str) -> Json:
    value = holder[name]
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be an object")
    return cast(Json, value)


def _objects(holder: Json, name: str) -> list[Json]:
    value = holder.get(name, [])
    if not isinstance(value, list) or not all(isinstance(part, Mapping) for part in value):
        raise TypeError(f"{name} must be a list of objects")
    return [cast(Json, part) for part in value]


def _coding(coding: Json) -> Coding:
    return Coding(_text(coding, "system"), _required(coding, "code"), _text(coding, "display"))


def _extensions(holder: Json, name: str) -> list[Json]:
    return [extension for extension in _objects(holder, "extension") if extension.get("url") == EXTENSION_BASE + name]


def _own_value(extension: Json) -> object:
    return next((value for name, value in extension.items() if name.startswith("value")), None)


def _value(holder: Json, name: str) -> object:
    """The value of our extension of that name, or None."""
    return next((_own_value(extension) for extension in _extensions(holder, name)), None)


def _named(extension: Json) -> dict[str, object]:
    """The parts of a complex extension by their short names."""
    return {str(part.get("url")): _own_value(part) for part in _objects(extension, "extension")}


def _values(extension: Json, name: str) -> list[object]:
    return [_own_value(part) for part in _objects(extension, "extension") if part.get("url") == name]


def _parts(holder: Json, name: str) -> dict[str, object]:
    return next((_named(extension) for extension in _extensions(holder, name)), {})


def _number(value: object, default: float | None = None) -> float:
    if value is None and default is not None:
        return default
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TypeError(f"{value!r} must be a number")
    return float(value)
