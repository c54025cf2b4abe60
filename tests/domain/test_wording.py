"""Numbers and lists in plain English, and problems of several fields in one."""

from livingwell_desktop.domain.field_problems import field_problem, together
from livingwell_desktop.domain.wording import counted, digits_of, listed, number_word, sentence_case


def test_numbers() -> None:
    assert [number_word(number) for number in (0, 1, 12, 13, 4182, -1)] == [
        "none",
        "one",
        "twelve",
        "13",
        "4,182",
        "-1",
    ]
    assert [counted(number, "place", "places") for number in (0, 1, 2)] == ["0 places", "1 place", "2 places"]
    assert digits_of("٣ a 4²") == "34"


def test_lists_and_sentences() -> None:
    assert [listed(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert [sentence_case(text) for text in ("", "two people", "SLaM")] == ["", "Two people", "SLaM"]


def test_problems_together() -> None:
    one, other = field_problem("born", "What.", "Do."), field_problem("phone", "What.", "Do.")
    assert together([]) is None
    assert together([one]) is one
    both = together([one, other])
    assert both is not None
    assert [field.field for field in both.fields] == ["born", "phone"]
    assert both.fields[0].sentence == "What. Do."
