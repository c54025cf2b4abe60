"""Answers that are kept until a record they came from changes, and not a moment longer."""

from uuid import uuid4

from livingwell_desktop.storage.remembered import MOST_KEPT, Remembered


def test_an_answer_is_kept_until_what_it_came_from_changes() -> None:
    kept, made, person, other = Remembered(), list[int](), uuid4(), uuid4()

    def ask() -> int:
        return kept.get("answer", (person, "staff"), lambda: made.append(len(made)) or len(made))

    assert [ask(), ask()] == [1, 1]
    kept.forget(frozenset({"visit"}), frozenset({other}))
    assert ask() == 1, "about somebody else"
    kept.forget(frozenset({"visit"}), frozenset({person}))
    assert ask() == 2
    kept.forget(frozenset({"staff"}), frozenset({other}))
    assert [ask(), ask()] == [3, 3]


def test_what_changes_while_it_is_worked_out_is_worked_out_again() -> None:
    kept = Remembered()

    def slow() -> str:
        kept.forget(frozenset({"staff"}))
        return "old"

    assert kept.get("answer", ("staff",), slow) == "old"
    assert kept.get("answer", ("staff",), lambda: "new") == "new"


def test_it_does_not_grow_without_end() -> None:
    kept = Remembered()
    for number in range(MOST_KEPT * 2 + 1):
        kept.get(number, ("staff",), lambda: None)
    assert len(kept._kept) <= MOST_KEPT
