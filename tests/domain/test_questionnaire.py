"""Questionnaires: reading FHIR, branching, checking answers, scores and changes."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.questionnaire import (
    Answers,
    Condition,
    Operator,
    Questionnaire,
    asked_answers,
    enabled_items,
    progress,
    validate,
)
from livingwell_desktop.domain.questionnaire_file import EXTENSION_BASE, ORDINAL_VALUE, parse_questionnaire
from livingwell_desktop.domain.scoring import Direction, change, prompts, scores


def _option(code: str, value: int | None = None) -> dict[str, Any]:
    option: dict[str, Any] = {"valueCoding": {"code": code, "display": f"Answer {code}"}}
    if value is not None:
        option["extension"] = [{"url": ORDINAL_VALUE, "valueDecimal": value}]
    return option


def _choice(link_id: str, **more: object) -> dict[str, Any]:
    options = [_option(str(value), value) for value in range(1, 8)]
    return {"linkId": link_id, "text": f"How is {link_id}?", "type": "choice", "answerOption": options, **more}


def _score(method: str, items: list[str], minimum: int) -> dict[str, Any]:
    return {
        "url": f"{EXTENSION_BASE}score",
        "extension": [
            {"url": "id", "valueCode": method},
            {"url": "title", "valueString": method},
            {"url": "method", "valueCode": method},
            *({"url": "item", "valueString": item} for item in items),
            {"url": "minimumAnswered", "valueInteger": minimum},
            {"url": "lowest", "valueDecimal": 1},
            {"url": "highest", "valueDecimal": 7},
            {"url": "band", "extension": [{"url": "words", "valueString": "Low"}, {"url": "below", "valueDecimal": 4}]},
            {
                "url": "band",
                "extension": [{"url": "words", "valueString": "High"}, {"url": "above", "valueDecimal": 4}],
            },
        ],
    }


RESOURCE: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "url": "https://livingwell.example/fhir/Questionnaire/sample",
    "version": "1",
    "name": "sample",
    "title": "Sample",
    "status": "active",
    "extension": [
        _score("mean", ["a", "b", "c"], 2),
        _score("sum", ["a", "b", "c"], 3),
        {
            "url": f"{EXTENSION_BASE}promptWhen",
            "extension": [
                {"url": "id", "valueCode": "talk"},
                {"url": "question", "valueString": "c"},
                {"url": "operator", "valueString": ">"},
                {"url": "answer", "valueInteger": 5},
                {"url": "title", "valueString": "Talk now"},
                {"url": "text", "valueString": "Ask."},
            ],
        },
        {
            "url": f"{EXTENSION_BASE}area",
            "extension": [{"url": "one", "valueString": "area"}, {"url": "many", "valueString": "areas"}],
        },
    ],
    "item": [
        {
            "linkId": "group",
            "type": "group",
            "text": "Group",
            "item": [
                _choice("a", required=True, item=[{"linkId": "a.help", "type": "boolean", "text": "Help?"}]),
                _choice("b"),
                _choice("c", enableWhen=[{"question": "a", "operator": "!=", "answerCoding": {"code": "1"}}]),
            ],
        },
        {
            "linkId": "why",
            "type": "text",
            "text": "Why?",
            "enableBehavior": "any",
            "enableWhen": [
                {"question": "a.help", "operator": "=", "answerBoolean": True},
                {"question": "b", "operator": ">", "answerInteger": 6},
            ],
        },
        {
            "linkId": "more",
            "type": "string",
            "text": "More?",
            "required": True,
            "enableBehavior": "all",
            "enableWhen": [
                {"question": "why", "operator": "exists", "answerBoolean": True},
                {"question": "c", "operator": "exists", "answerBoolean": False},
            ],
        },
        {"linkId": "many", "type": "integer", "text": "How many?"},
        {"linkId": "shown", "type": "display", "text": "Thank you."},
    ],
}
SAMPLE: Questionnaire = parse_questionnaire(RESOURCE)


def _asked(answers: Answers) -> set[str]:
    return {item.link_id for item in enabled_items(SAMPLE, answers)}


def test_what_was_read() -> None:
    assert [item.link_id for item in SAMPLE.all_items()] == [
        "group", "a", "a.help", "b", "c", "why", "more", "many", "shown",
    ]  # fmt: skip
    assert [item.link_id for item in SAMPLE.rated] == ["a", "b", "c"]
    item = SAMPLE.item("a")
    assert item is not None
    option = item.option(3)
    assert option is not None
    assert (option.code, option.display) == ("3", "Answer 3")
    assert item.option(True) is None
    assert SAMPLE.item("z") is None


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, {"c"}),
        ({"a": 1}, set()),
        ({"a": 2}, {"c"}),
        ({"a.help": True}, {"c", "why"}),
        ({"a.help": False}, {"c"}),
        ({"b": 7}, {"c", "why"}),
        ({"b": 6}, {"c"}),
        ({"b": 7, "why": "x"}, {"c", "why", "more"}),
        ({"b": 7, "why": "x", "c": 3}, {"c", "why"}),
        ({"a": 1, "b": 7, "why": "x", "c": 3}, {"why", "more"}),
        ({"why": "x"}, {"c"}),
    ],
)
def test_branching(answers: Answers, asked: set[str]) -> None:
    assert _asked(answers) & {"c", "why", "more"} == asked


@pytest.mark.parametrize(
    ("operator", "answer", "given_answer", "holds"),
    [
        (Operator.EXISTS, True, None, False), (Operator.EXISTS, True, 0, True), (Operator.EXISTS, False, None, True),
        (Operator.EQUAL, 1, 1, True), (Operator.EQUAL, 1, True, False), (Operator.EQUAL, "x", "x", True),
        (Operator.NOT_EQUAL, 1, None, True), (Operator.NOT_EQUAL, 1, 1, False), (Operator.NOT_EQUAL, 1, 2, True),
        (Operator.GREATER, 1, 2, True), (Operator.GREATER, 1, 1, False), (Operator.GREATER, 1, None, False),
        (Operator.LESS, 1, 0, True), (Operator.AT_LEAST, 1, 1, True), (Operator.AT_MOST, 1, 2, False),
        (Operator.GREATER, 1, "2", False),
    ],
)  # fmt: skip
def test_conditions(operator: Operator, answer: int | str, given_answer: int | str | None, holds: bool) -> None:
    assert Condition("q", operator, answer).holds(given_answer) is holds


def test_answers_to_questions_not_asked_are_left_out() -> None:
    assert asked_answers(SAMPLE, {"a": 1, "c": 7, "b": None, "many": 0, "more": "", "z": 1}) == {"a": 1, "many": 0}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "0 of 3 answered"), ({"a": 2, "a.help": True}, "1 of 3 answered"), ({"a": 1}, "1 of 2 answered"),
        ({"a": 2, "b": 3, "c": 4}, "3 of 3 answered"),
    ],
)  # fmt: skip
def test_progress(answers: Answers, words: str) -> None:
    assert progress(SAMPLE, answers).words == words


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, []), ({"a": 0}, ["a"]), ({"a": 8}, ["a"]), ({"a": True}, ["a"]), ({"a": "3"}, ["a"]), ({"a": 7}, []),
        ({"a.help": 1}, ["a.help"]), ({"why": 3}, ["why"]), ({"why": "x" * 20_001}, ["why"]),
        ({"many": True}, ["many"]),
        ({"many": 3}, []), ({"z": 3}, ["z"]), ({"group": "x"}, ["group"]), ({"a": None}, []),
        ({"b": 9, "a": 9}, ["a", "b"]),
    ],
)  # fmt: skip
def test_answers_that_do_not_fit(answers: Answers, fields: list[str]) -> None:
    found = validate(SAMPLE, answers)
    assert [problem.field for problem in found] == fields
    assert all(problem.sentence for problem in found)


def test_required_answers_are_asked_for_only_on_completing_and_when_they_are_asked() -> None:
    assert validate(SAMPLE, {}) == ()
    assert [problem.field for problem in validate(SAMPLE, {}, complete=True)] == ["a"]
    assert [problem.field for problem in validate(SAMPLE, {"a": 2, "b": 7, "why": "x"}, complete=True)] == ["more"]
    assert validate(SAMPLE, {"a": 2}, complete=True) == ()


@pytest.mark.parametrize(
    ("answers", "mean", "total", "answered"),
    [
        ({}, "", "", "0 of 3 answered"),
        ({"a": 4}, "", "", "1 of 3 answered"),
        ({"a": 4, "b": 3}, "3.5", "", "2 of 3 answered"),
        ({"a": 4, "b": 3, "c": 4}, "3.7", "11", "3 of 3 answered"),
        ({"a": 1, "b": 7}, "4.0", "8", "2 of 2 answered"),
        ({"a": 1, "b": 7, "c": 7}, "4.0", "8", "2 of 2 answered"),
    ],
)
def test_scores_never_make_up_what_is_missing(answers: Answers, mean: str, total: str, answered: str) -> None:
    first, second = scores(SAMPLE, answers)
    assert (first.shown, second.shown) == (mean, total)
    assert first.answered_words == second.answered_words == answered


def test_what_a_score_means() -> None:
    assert [scores(SAMPLE, {"a": a, "b": b})[0].words for a, b in ((3, 4), (4, 4), (4, 5), (4, None))] == [
        "Low", "", "High", "",
    ]  # fmt: skip


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.none() | st.integers(1, 7)))
def test_a_mean_lies_between_the_answers(answers: dict[str, int | None]) -> None:
    given_numbers = [value for value in asked_answers(SAMPLE, answers).values() if isinstance(value, int)]
    mean = scores(SAMPLE, answers)[0]
    assert mean.answered == len(given_numbers)
    if mean.value is not None:
        assert min(given_numbers) <= mean.value <= max(given_numbers)


def test_a_prompt_opens_with_the_answer_that_calls_for_it() -> None:
    assert prompts(SAMPLE, {"c": 5}) == ()
    assert [prompt.id for prompt in prompts(SAMPLE, {"c": 6})] == ["talk"]
    assert prompts(SAMPLE, {"a": 1, "c": 6}) == ()


@pytest.mark.parametrize(
    ("previous", "answers", "words", "sentence"),
    [
        (None, {}, ["Not answered"] * 3, "Nothing is answered yet."),
        (
            None,
            {"a": 2, "b": 3, "c": 3},
            ["First time"] * 3,
            "This is the first time, so there is nothing to compare yet.",
        ),
        ({"a": 2, "b": 3}, {"a": 3, "b": 3, "c": 3}, ["Up 1", "Same", "First time"], "One area went up."),
        ({"a": 4, "b": 3, "c": 3}, {"a": 2, "b": 3, "c": 3}, ["Down 2", "Same", "Same"], "One area went down."),
        (
            {"a": 2, "b": 2, "c": 3},
            {"a": 3, "b": 3, "c": 2},
            ["Up 1", "Up 1", "Down 1"],
            "Two areas went up and one went down.",
        ),
        ({"a": 2, "b": 2, "c": 3}, {"a": 2, "b": 2, "c": 3}, ["Same"] * 3, "All areas stayed the same."),
        ({"a": 2}, {"a": 2}, ["Same", "Not answered", "Not answered"], "It stayed the same."),
        ({"a": 2, "b": 5}, {"b": 6}, ["Not answered", "Up 1", "Not answered"], "One area went up."),
    ],
)
def test_change(previous: Answers | None, answers: Answers, words: list[str], sentence: str) -> None:
    found = change(SAMPLE, previous, answers)
    assert [item.words for item in found.items] == words
    assert found.sentence == sentence


def test_change_of_one_item() -> None:
    found = change(SAMPLE, {"a": 2}, {"a": 5})
    item = found.item("a")
    assert item is not None
    assert (item.old, item.new, item.difference, item.direction) == (2, 5, 3, Direction.UP)
    assert found.item("a.help") is None


_RATINGS = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(2, 7))


@given(_RATINGS, _RATINGS)
def test_a_change_there_and_back_is_no_change(one: dict[str, int], other: dict[str, int]) -> None:
    for there, back in zip(change(SAMPLE, one, other).items, change(SAMPLE, other, one).items, strict=True):
        assert there.difference is None or back.difference == -there.difference
        assert (there.difference is None) == (back.difference is None)


def _broken(**changes: object) -> dict[str, Any]:
    return {**copy.deepcopy(RESOURCE), **changes}


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ({}, "not a FHIR Questionnaire"),
        (_broken(resourceType="Patient"), "not a FHIR Questionnaire"),
        (_broken(url=None), "url must be text"),
        (_broken(item="x"), "item must be a list"),
        (_broken(item=[_choice("a"), _choice("a")], extension=[]), "“a” is there more than once"),
        (_broken(item=[_choice("a", type="quantity")], extension=[]), "quantity"),
        (_broken(item=[_choice("a", answerOption=[])], extension=[]), "no answers to choose from"),
        (_broken(item=[{"type": "text"}], extension=[]), "linkId"),
        (_broken(item=[_choice("a")]), "“c”, which is not there"),
        (_broken(item=[_choice("a")], extension=[_score("median", ["a"], 1)]), "not median"),
        (
            _broken(item=[_choice("a", enableWhen=[{"question": "z", "operator": "exists", "answerBoolean": True}])],
                    extension=[]),
            "“z”, which is not there",
        ),
        (
            _broken(item=[_choice("a", enableWhen=[{"question": "a", "operator": "exists", "answerBoolean": True}])],
                    extension=[]),
            "circle",
        ),
        (
            _broken(item=[_choice("a", enableWhen=[{"question": "a", "operator": "~", "answerBoolean": True}])],
                    extension=[]),
            "~",
        ),
        (
            _broken(item=[_choice("a", answerOption=[_option("x", 1), {"valueCoding": {}}])], extension=[]),
            "code",
        ),
        (
            _broken(extension=[{"url": f"{EXTENSION_BASE}licenceStatus", "valueCode": "PURPLE"}]),
            "licence",
        ),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_says_why(resource: dict[str, Any], words: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_questionnaire(resource)
    assert words in caught.value.what_happened
    assert caught.value.what_to_do


def test_options_without_numbers_keep_their_code_and_ordinals_may_stand_on_the_coding() -> None:
    on_coding = {"valueCoding": {"code": "x", "extension": [{"url": ORDINAL_VALUE, "valueDecimal": 2}]}}
    options = [_option("y"), on_coding, {"valueInteger": 5}, {"valueString": "Other"}]
    found = parse_questionnaire(_broken(item=[_choice("a", answerOption=options)], extension=[]))
    assert [option.value for option in found.rated[0].options] == ["y", 2, 5, "Other"]
    assert validate(found, {"a": "y"}) == ()
