"""The contract of every bundled questionnaire: a file added to the folder is tested by being there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from livingwell_desktop.domain.questionnaire import Questionnaire, enabled_items, progress, validate
from livingwell_desktop.domain.questionnaire_file import parse_questionnaire
from livingwell_desktop.domain.scoring import change, prompts, scores
from livingwell_desktop.resources import resource

FILES = sorted(resource("questionnaires").glob("*.json"))
OPEN_LICENCE_NOT_FOUND = {"dialog"}
"""Bundled by decision of the project's owner while permission is asked for (licence status AMBER)."""


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def _read(name: str) -> Questionnaire:
    return parse_questionnaire(_load(resource("questionnaires", f"{name}.json")))


def test_the_questionnaires_of_this_release_are_there() -> None:
    assert {"dialog", "phq9", "gad7", "audit_c"} <= {path.stem for path in FILES}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


def test_it_is_a_fhir_questionnaire_under_its_own_name(path: Path) -> None:
    raw, read = _load(path), parse_questionnaire(_load(path))
    assert raw["resourceType"] == "Questionnaire"
    assert raw["status"] == read.status == "active"
    assert read.name == path.stem
    assert raw["subjectType"] == ["Patient"]
    assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", raw["id"])
    assert read.url.endswith(f"/Questionnaire/{raw['id']}")
    assert re.fullmatch(r"\d+\.\d+\.\d+", read.version)


def test_it_may_be_bundled_and_names_its_owner(path: Path) -> None:
    read = parse_questionnaire(_load(path))
    assert read.licence_status in ("GREEN", "AMBER")
    assert read.licence_status == "GREEN" or read.name in OPEN_LICENCE_NOT_FOUND
    assert read.credit
    assert read.credit in read.copyright
    if "snomed.info" in path.read_text(encoding="utf-8"):
        assert "SNOMED International" in read.copyright


def test_link_ids_are_unique_and_every_question_has_words(path: Path) -> None:
    items = list(parse_questionnaire(_load(path)).all_items())
    assert len({item.link_id for item in items}) == len(items)
    assert all(item.text and item.short_name and len(item.short_name) <= 30 for item in items if item.options)
    for item in items:
        assert len({option.value for option in item.options}) == len(item.options)
        assert not item.icon or resource("icons", f"{item.icon}.svg").is_file()


def test_conditions_name_questions_that_are_there(path: Path) -> None:
    read = parse_questionnaire(_load(path))
    by_id = {item.link_id: item for item in read.all_items()}
    for item in by_id.values():
        for condition in item.conditions:
            question = by_id[condition.question]
            assert question.is_question
            assert not question.options or question.option(condition.answer) is not None


def test_scores_keep_their_range_from_the_least_to_the_most(path: Path) -> None:
    read = parse_questionnaire(_load(path))
    assert read.scoring
    for best in (min, max):
        answers = {item.link_id: best(o.value for o in item.options if isinstance(o.value, int)) for item in read.rated}
        assert validate(read, answers, complete=True) == ()
        assert progress(read, answers).answered == progress(read, answers).out_of
        for rule, score in zip(read.scoring, scores(read, answers), strict=True):
            assert score.value == (rule.lowest if best is min else rule.highest)
            assert score.words
            assert score.shown


def test_every_score_in_range_has_exactly_one_meaning(path: Path) -> None:
    for rule in parse_questionnaire(_load(path)).scoring:
        steps = int((rule.highest - rule.lowest) * (rule.minimum_answered if rule.method == "mean" else 1))
        for step in range(steps + 1):
            value = rule.lowest + (rule.highest - rule.lowest) * step / steps
            assert sum(band.holds(value) for band in rule.bands) == 1, value


def test_nothing_answered_scores_nothing_and_prompts_nothing(path: Path) -> None:
    read = parse_questionnaire(_load(path))
    assert {score.value for score in scores(read, {})} == {None}
    assert prompts(read, {}) == ()
    assert change(read, None, {}).sentence == "Nothing is answered yet."


def test_it_grades_no_risk(path: Path) -> None:
    read = parse_questionnaire(_load(path))
    shown = [band.words for rule in read.scoring for band in rule.bands]
    shown += [part for prompt in read.prompting for part in (prompt.title, prompt.text)]
    assert not any("risk" in words.lower() for words in shown)


DIALOG_CODES = {
    "mental_health": "1037651000000100",
    "physical_health": "1037661000000102",
    "job_situation": "1037671000000109",
    "accommodation": "1037681000000106",
    "leisure_activities": "1037691000000108",
    "partner_family": "1037711000000105",
    "friendships": "1037701000000108",
    "personal_safety": "1037721000000104",
    "medication": "1037731000000102",
    "practical_help": "1037741000000106",
    "meetings": "1037751000000109",
}
"""In the order of the form. SNOMED CT numbers friendships 6 and partner/family 7; the form has them the other way."""


def test_dialog_keeps_its_order_and_each_area_its_own_concept() -> None:
    dialog = _read("dialog")
    assert {item.link_id: item.codes[0].code for item in dialog.rated} == DIALOG_CODES
    assert [item.link_id for item in dialog.rated] == list(DIALOG_CODES)
    family, friends = dialog.item("partner_family"), dialog.item("friendships")
    assert family is not None
    assert friends is not None
    assert "partner/family" in family.text
    assert "partner/family" in family.codes[0].display
    assert "friendships" in friends.text
    assert "friendships" in friends.codes[0].display


def test_dialog_as_the_window_shows_it() -> None:
    dialog = _read("dialog")
    assert [group.text for group in dialog.items] == ["My life", "My treatment"]
    assert [len(group.items) for group in dialog.items] == [8, 3]
    assert [item.short_name for item in dialog.rated] == [
        "Mental health", "Physical health", "Job situation", "Accommodation", "Leisure activities",
        "Partner or family", "Friendships", "Personal safety", "Medication", "Practical help", "Meetings",
    ]  # fmt: skip
    for item in dialog.rated:
        assert [child.link_id for child in item.items] == [f"{item.link_id}.help", f"{item.link_id}.note"]
        assert [option.value for option in item.options] == list(range(1, 8))
        assert item.options[3].display == "In the middle"
    assert [step.name for step in dialog.steps] == [
        "Understanding", "Looking forward", "Exploring options", "Agreeing on actions",
    ]  # fmt: skip
    assert all(step.prompts for step in dialog.steps)
    assert dialog.most_areas == 3
    assert dialog.higher_is_better is True


def test_dialog_refuses_0_8_and_9_and_keeps_not_answered_empty() -> None:
    dialog = _read("dialog")
    for wrong in (0, 8, 9):
        assert [problem.field for problem in validate(dialog, {"friendships": wrong})] == ["friendships"]
    assert validate(dialog, {"friendships": None}, complete=True) == ()


def test_dialog_scores_and_change_of_the_worked_example() -> None:
    dialog = _read("dialog")
    before = dict(zip(DIALOG_CODES, (3, 4, 2, 3, 2, 5, 3, 5, 4, 4, 6), strict=True))
    now = dict(zip(DIALOG_CODES, (4, 4, 2, 2, 4, 5, 4, 4, 5, 6, 6), strict=True))
    assert [score.shown for score in scores(dialog, before)] == ["3.4", "4.7"]
    assert [score.shown for score in scores(dialog, now)] == ["3.6", "5.7"]
    found = change(dialog, before, now)
    assert found.sentence == "Five areas went up and two went down."
    assert [item.words for item in found.items][:5] == ["Up 1", "Same", "Same", "Down 1", "Up 2"]


def test_dialog_with_little_answered_says_how_much_and_gives_no_mean() -> None:
    life, treatment = scores(_read("dialog"), dict.fromkeys(list(DIALOG_CODES)[:5], 4))
    assert (life.value, life.answered_words) == (None, "5 of 8 answered")
    assert (treatment.value, treatment.answered_words) == (None, "0 of 3 answered")


@pytest.mark.parametrize(("answer", "opens"), [(None, False), (0, False), (1, True), (2, True), (3, True)])
def test_the_ninth_question_of_phq9_opens_the_talk_about_safety(answer: int | None, opens: bool) -> None:
    found = prompts(_read("phq9"), {"phq9.9": answer})
    assert bool(found) is opens
    assert all("safety now" in prompt.title for prompt in found)


@pytest.mark.parametrize(
    ("name", "total", "words"),
    [
        ("phq9", 4, "None to minimal"), ("phq9", 5, "Mild"), ("phq9", 10, "Moderate"),
        ("phq9", 15, "Moderately severe"),
        ("phq9", 20, "Severe"), ("gad7", 4, "Minimal"), ("gad7", 9, "Mild"), ("gad7", 14, "Moderate"),
        ("gad7", 15, "Severe"), ("audit_c", 4, "Below 5"), ("audit_c", 5, "5 or more: offer to talk about drinking"),
    ],
)  # fmt: skip
def test_totals_and_their_words(name: str, total: int, words: str) -> None:
    read = _read(name)
    left, answers = total, {}
    for item in read.rated:
        highest = max(option.value for option in item.options if isinstance(option.value, int))
        answers[item.link_id] = min(left, highest)
        left -= answers[item.link_id]
    (score,) = scores(read, answers)
    assert (score.shown, score.words) == (str(total), words)
    answers.pop(read.rated[1].link_id)
    assert scores(read, answers)[0].value is None


def test_how_difficult_is_not_part_of_the_total() -> None:
    phq9 = _read("phq9")
    answers = {item.link_id: 0 for item in phq9.rated}
    assert scores(phq9, {**answers, "phq9.difficulty": "extremely"})[0].value == 0
    assert validate(phq9, {"phq9.difficulty": "extremely"}) == ()


def test_never_drinking_skips_the_rest_and_scores_nothing() -> None:
    audit = _read("audit_c")
    answers = {"audit_c.1": 0, "audit_c.2": 4}
    assert [item.link_id for item in enabled_items(audit, answers)] == ["audit_c.1"]
    assert scores(audit, answers)[0].shown == "0"
    assert progress(audit, answers).words == "1 of 1 answered"
