"""Passphrases: what is made, what is allowed, and how somebody is told to mend one."""

import pytest

from livingwell_desktop.security.passphrases import (
    check_passphrase,
    generate,
    generated_entropy_bits,
    guesses,
    normalised,
    words,
)


def test_the_list_has_7776_different_plain_words() -> None:
    assert len(words()) == len(set(words())) == 7776
    assert all(word == word.strip().lower() and word.replace("-", "").isalpha() for word in words())


def test_a_generated_passphrase_is_four_words_worth_51_bits() -> None:
    passphrase = generate()
    assert len(passphrase.split()) == 4
    assert set(passphrase.split()) <= set(words())
    assert generated_entropy_bits() == pytest.approx(51.7, abs=0.01)
    assert passphrase != generate()


def test_what_the_window_offered_is_always_allowed() -> None:
    offered = "able able able able"  # chance may give it; it is as likely as any other
    assert check_passphrase(offered, generated=offered) is None
    assert check_passphrase(f"  {offered.replace(' ', '   ')} ", generated=offered) is None
    assert check_passphrase(offered) is not None, "thought up by somebody it is not allowed"
    assert check_passphrase("123456", generated="123456") is not None, "offered is only what `generate` can make"


@pytest.mark.parametrize(
    "passphrase", ["copper lantern walks sideways", "Ngozi's kettle sings at 5!", "łódka żółta kręci się"]
)
def test_a_long_unlikely_passphrase_is_allowed(passphrase: str) -> None:
    assert check_passphrase(passphrase) is None


@pytest.mark.parametrize(
    ("passphrase", "how_to_mend"),
    [
        ("", "Enter a passphrase."),
        ("   ", "Enter a passphrase."),
        ("483920", "Use words."),
        ("4839 2048 3920 4839 2048", "Use words."),
        ("٤٨٣٩٢٠٤٨٣٩٢٠٤٨٣٩", "Use words."),
        ("copper lamp", "Make it longer: at least 15 characters, so 4 more characters."),
        ("copper lantern", "so 1 more character."),
        ("a" + " " * 40 + "b", "Make it longer"),
        ("passwordpassword", "Make it harder to guess"),
        ("qwertyuiopasdfgh", "Make it harder to guess"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", "Make it harder to guess"),
        ("x" * 1001, "Make it shorter"),
    ],
)
def test_a_weak_passphrase_is_refused_with_how_to_mend_it(passphrase: str, how_to_mend: str) -> None:
    problem = check_passphrase(passphrase)
    assert problem is not None
    assert how_to_mend in problem.what_to_do
    assert problem.fields[0].field == "passphrase"
    assert not passphrase.strip() or passphrase not in f"{problem} {problem.what_happened} {problem.what_to_do}"


def test_words_about_the_person_count_for_little() -> None:
    passphrase = "rosamensahcertitude"
    assert guesses(passphrase, ("Rosa Mensah", "Certitude")) < guesses(passphrase) / 1000
    assert check_passphrase(passphrase, about=("Rosa Mensah", "Certitude")) is not None


def test_the_same_passphrase_from_another_keyboard_is_the_same() -> None:
    assert normalised("cafe\u0301  \u00a0 o\ufb03ce\t") == "café office"
    assert normalised("Café") != normalised("café")
