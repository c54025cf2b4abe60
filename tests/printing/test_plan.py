"""The plan on paper: what must be on it, what must not, and how it flows."""

import dataclasses
import io
import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.domain.plans import ActionState, AgreementAnswer
from livingwell_desktop.domain.records import Held
from livingwell_desktop.printing.documents import document_named
from livingwell_desktop.printing.lettering import printable
from tests.printing import invented
from tests.printing.invented import (
    ACTIONS,
    GOALS,
    PERSON,
    TUNDE,
    action,
    agreed_records,
    agreement,
    earlier_records,
    held,
    plan_records,
    printed,
)
from tests.printing.test_documents import sizes_of, text_of

PLAN = document_named("plan")
LARGE = {"format": PrintFormat.LARGE_PRINT}
EASY = {"format": PrintFormat.EASY_READ}
ways = pytest.mark.parametrize("way", [{}, {**LARGE, "size": 16}, {**LARGE, "size": 28}, EASY])


def pages_of(pdf: bytes) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def with_words(held_record: Held, **changes: object) -> Held:
    return dataclasses.replace(held_record, value=dataclasses.replace(held_record.value, **changes))


@pytest.mark.parametrize("way", [{}, {**LARGE, "size": 24}])
def test_all_of_the_plan_is_on_the_paper(way: dict) -> None:
    words = text_of(PLAN.print(printed(**way), **plan_records()))
    for expected in (
        "My plan", "Ngozi Okafor", "Version 4, draft", "Replaces 12 August 2026", "keep my flat, sleep through",
        "My key worker", "Maya Lindqvist", "020 7946 0127", "My next appointment", "Wednesday 2 December",
        "2:30pm to 3:20pm", "Centre A, quiet room.", "Ask for Maya at the desk.", "My three next steps",
        "If it all gets too much", "NHS 111, choose option 2", "0800 731 2864", "Samaritans 116 123", "999",
        "What we will do", "“I want to keep my flat.”", "“Sleep through most nights.”", "Late", "Not started", "Doing",
        "Done", "Who agrees with this plan", "Does not agree", "“I am on leave on 27 Nov.”", "Asked 23 November",
        "23 February 2027", "Who can see my plan", "Money and benefits", "Who has a copy", "born 14 March 1986",
        "Check code", "11:04am, by Maya Lindqvist, Centre A",
    ):  # fmt: skip
        assert expected in words, expected
    for one in ACTIONS:
        assert one.value.what in words


@ways
def test_a_draft_says_so_at_the_top_and_the_foot_of_each_page(way: dict) -> None:
    for page in pages_of(PLAN.print(printed(**way), **plan_records())):
        assert "Draft, not agreed" in page
        assert "draft, not agreed, 23 November 2026" in page


@ways
def test_an_agreed_plan_is_no_draft(way: dict) -> None:
    words = text_of(PLAN.print(printed(**way), **agreed_records()))
    assert "draft" not in words.lower()
    assert "Version 4" in words


def test_the_key_workers_organisation_must_agree_too() -> None:
    alone = plan_records(agreements=(invented.PERSON_AGREED,))
    assert "Draft, not agreed" in text_of(PLAN.print(printed(), **alone))


def test_a_word_changed_after_the_answers_makes_it_a_draft_again() -> None:
    changed = (with_words(GOALS[0], words="I want to move."), *GOALS[1:])
    words = text_of(PLAN.print(printed(), **agreed_records(goals=changed)))
    assert "Version 5, draft" in words
    assert "Replaces 23 November 2026" in words
    assert "Answered before the plan changed" in words


def test_an_action_that_is_done_changes_no_agreement() -> None:
    done = (with_words(ACTIONS[0], state=ActionState.DONE), *ACTIONS[1:])
    assert "draft" not in text_of(PLAN.print(printed(), **agreed_records(actions=done))).lower()


@ways
def test_an_old_version_says_on_each_page_that_it_is_old(way: dict) -> None:
    for page in pages_of(document_named("earlier_plan").print(printed(**way), **earlier_records())):
        assert page.count("This is not the newest plan") >= 2
    assert "Version 3" in page


def test_an_old_version_shows_only_who_answered_it() -> None:
    words = text_of(document_named("earlier_plan").print(printed(), **earlier_records()))
    assert "“I want to stay where I am.”" in words
    assert "Jo Castell Thames Reach ○" not in words
    assert "12 Aug, in the room" in words
    assert "next steps" not in words


def test_stopped_goals_and_actions_and_mistakes_leave_no_trace() -> None:
    goals = (*GOALS[:2], with_words(GOALS[2], stopped=True))
    actions = (with_words(ACTIONS[0], state=ActionState.STOPPED), *ACTIONS[1:])
    mistake = dataclasses.replace(action(77, 1, "Entered for somebody else", TUNDE, None, ActionState.DOING))
    mistake = dataclasses.replace(mistake, entered_in_error=True)
    words = text_of(PLAN.print(printed(), **plan_records(goals=goals, actions=(*actions, mistake))))
    for hidden in ("Sew with other", "Sewing group", "Ask the landlord", "somebody else", "Goal 3"):
        assert hidden not in words


def test_the_date_of_birth_can_be_left_out() -> None:
    assert "1986" not in text_of(PLAN.print(printed(born_in_foot=False), **plan_records()))


def test_an_estimated_date_of_birth_is_called_one() -> None:
    person = held(31, dataclasses.replace(PERSON, born_is_estimate=True))
    words = text_of(PLAN.print(printed(), **plan_records(person=person)))
    assert "born about 1986" in words
    assert "14 March 1986" not in words


def test_a_bare_plan_prints() -> None:
    person = held(31, dataclasses.replace(PERSON, key_worker=None, born=None))
    empty = dict.fromkeys(("goals", "actions", "agreements", "versions", "sharing", "bookings", "papers"), ())
    for way in ({}, LARGE, EASY):
        words = text_of(PLAN.print(printed(**way), **plan_records(person=person, **empty)))
        assert "Version 1, draft" in words


def test_a_typical_plan_has_three_pages() -> None:
    assert len(pages_of(PLAN.print(printed(), **plan_records()))) == 3


def test_a_long_list_goes_over_pages_with_the_heads_again() -> None:
    due = date(2026, 12, 1)
    many = tuple(
        action(n, 1, f"Step number {n} of many", TUNDE, due + timedelta(days=n % 20), ActionState.DOING)
        for n in range(90)
    )
    pages = pages_of(PLAN.print(printed(), **plan_records(actions=many)))
    with_rows = [page for page in pages[1:] if "of many" in page]
    assert len(with_rows) > 4
    assert all("What will happen Who does it By Status" in page for page in with_rows)
    assert all("Goal 1, continued" in page for page in with_rows[1:])
    words = " ".join(pages)
    assert all(f"Step number {n} of many" in words for n in range(90))


@ways
def test_ten_thousand_letters_are_all_printed(way: dict) -> None:
    long = " ".join(f"word{n}" for n in range(1300))
    actions = (with_words(ACTIONS[0], what=long), *ACTIONS[1:])
    pdf = PLAN.print(printed(**way), **plan_records(actions=actions))
    found = set(re.findall(r"word\d+", text_of(pdf)))
    assert len(found) == 1300


@ways
def test_a_name_of_ten_words_and_a_word_without_spaces(way: dict) -> None:
    name = "Maria da Conceição Ferreira de Almeida Santos Oliveira e Costa"
    person = held(31, dataclasses.replace(PERSON, given_name=name, family_name="X" * 300))
    words = text_of(PLAN.print(printed(**way), **plan_records(person=person)))
    assert "Conceição" in words
    assert words.count("X") >= (300 if way is not EASY else 1)


@ways
def test_arabic_hebrew_and_emoji_print(way: dict) -> None:
    person = held(31, dataclasses.replace(PERSON, given_name="محمد", family_name="العلي"))
    goals = (
        with_words(GOALS[0], words="أريد أن أبقى في شقتي وأن أنام طوال الليل وأن أعود إلى الخياطة مع الآخرين"),
        with_words(GOALS[1], words="שלום, אני רוצה לישון (כל לילה)"),
        with_words(GOALS[2], words="Sew again 🙂 中"),
    )
    pdf = PLAN.print(printed(**way), **plan_records(person=person, goals=goals))
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in PdfReader(io.BytesIO(pdf)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert any(name.startswith("NotoSansArabic") for name in fonts)
    assert any(name.startswith("NotoSansHebrew") for name in fonts)
    assert "Sew again [slightly smiling face] □" in text_of(pdf)


@pytest.mark.parametrize("size", range(16, 29, 3))
def test_nothing_in_large_print_is_small(size: int) -> None:
    pdf = PLAN.print(printed(**LARGE, size=size), **plan_records())
    small = {one for one in sizes_of(pdf) if one < 16}
    imprint = max(12.0, size * 0.6)
    assert small <= {round(imprint, 2)}, "only the lines under the name at the foot"


def test_easy_read_sentences_are_short() -> None:
    words = text_of(PLAN.print(printed(**EASY), **plan_records()))
    assert "Tunde will ask the landlord to wait until the hearing." in words
    assert "Jo will go with me to the law centre." in words
    assert "Priya will do this: Sewing group every Tuesday." in words
    assert "I will put up the dark curtain." in words
    assert "Call 111. Then choose 2." in words
    body = words[: words.index("Version 4")]
    assert all(len(sentence.split()) <= 15 for sentence in re.split(r"[.?:]", body))


def test_somebody_who_was_asked_again_counts_by_their_last_answer() -> None:
    asked_again = agreement(50, invented.SLAM, invented.MAYA, AgreementAnswer.DECLINED, "by phone", reason="Not yet.")
    records = agreed_records()
    records["agreements"] = (*records["agreements"], asked_again)
    assert "Draft, not agreed" in text_of(PLAN.print(printed(), **records))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
plain_words = st.lists(st.text("abcdefghijklmnopqrstuvwxyzéñł", min_size=1, max_size=60), min_size=1, max_size=40)
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(what=texts, words=texts, name=texts, form=st.sampled_from(list(PrintFormat)))
def test_no_text_breaks_the_printing(what: str, words: str, name: str, form: PrintFormat) -> None:
    person = held(31, dataclasses.replace(PERSON, given_name=name, family_name=""))
    goals = (with_words(GOALS[0], words=words, about=name), *GOALS[1:])
    actions = (with_words(ACTIONS[0], what=what), *ACTIONS[1:])
    assert PLAN.print(printed(format=form), **plan_records(person=person, goals=goals, actions=actions))


@SLOW
@given(what=plain_words, size=st.integers(16, 28))
def test_no_word_is_lost(what: list[str], size: int) -> None:
    actions = (with_words(ACTIONS[0], what=" ".join(what)), *ACTIONS[1:])
    for way in ({}, {**LARGE, "size": size}, EASY):
        words = re.sub(r"\s", "", text_of(PLAN.print(printed(**way), **plan_records(actions=actions))))
        assert all(word in words or word[1:] in words for word in map(printable, what) if len(word) <= 8)


def test_the_plan_can_belong_to_somebody_the_lists_do_not_know() -> None:
    unknown = {name: {} for name in ("staff", "organisations", "centres")}
    assert "Name not known" in text_of(PLAN.print(printed(), **plan_records(**unknown)))


@pytest.mark.parametrize("way", [{}, EASY])
def test_the_paper_promises_no_review_on_a_day_that_has_passed(way: dict) -> None:
    records = plan_records()
    late = {**records, "plan": with_words(records["plan"], review_on=date(2026, 11, 12))}
    assert "We were to look at" in text_of(PLAN.print(printed(**way), **late))
    assert "We look at" in text_of(PLAN.print(printed(**way), **records))
