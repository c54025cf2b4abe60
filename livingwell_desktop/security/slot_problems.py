"""What can be wrong with a slot, each told apart, because each is mended by somebody else."""

from livingwell_desktop.domain.errors import FieldProblem, Problem

_ADMIT_AGAIN = "Ask a manager who can sign in here to admit you again. If nobody can, call the IT help desk."
_USUAL_ACCOUNT = (
    "Check that you are using the usual account of this computer. If you are, call the IT help desk. If the key cannot "
    "be put back, two people open the sealed envelope of your centre and choose “Use the recovery code”."
)
_NOTHING_LOST = "The records on this computer are still there, and nothing was deleted."


class WrongPassphrase(Problem):
    """The slot is whole, is for this person and this computer, and the passphrase does not open it."""

    def __init__(self) -> None:
        sentence = "Check the passphrase and type it again. Capital letters count."
        super().__init__(
            "That passphrase is not right",
            "It does not open this computer's records for you.",
            f"{sentence} If you changed it on another computer, use the old one here once.",
            (FieldProblem("passphrase", sentence),),
        )


class SlotDamaged(Problem):
    """The slot is not as this program wrote it: cut short, flipped, edited, or put together from two."""

    def __init__(self) -> None:
        super().__init__(
            "Your sign-in on this computer is damaged",
            f"The file that holds it was changed or cut short. Your passphrase is not the cause. {_NOTHING_LOST}",
            _ADMIT_AGAIN,
        )


class SlotPutBack(Problem):
    """The slot is whole and the passphrase is its own, but this desk had a newer one, or its database key is gone."""

    def __init__(self) -> None:
        super().__init__(
            "This sign-in is an old one",
            "The file that holds it was put back to an earlier one, from before your passphrase or this computer’s key "
            f"was changed. It opens nothing. {_NOTHING_LOST}",
            _ADMIT_AGAIN,
        )


class SlotTooNew(Problem):
    """The slot was written in a format that this version does not know."""

    def __init__(self) -> None:
        super().__init__(
            "This computer needs the newer version",
            "Your sign-in was written by a newer version of Living Well Desktop.",
            "Start the newer version, or ask the IT help desk to install it again.",
        )


class SlotOfAnother(Problem):
    """The slot is for another person or another computer: a file was renamed or copied here."""

    def __init__(self) -> None:
        super().__init__(
            "This sign-in belongs to somebody else",
            "The file that should hold your sign-in was made for another person or another computer.",
            _ADMIT_AGAIN,
        )


class DeviceSecretMissing(Problem):
    """The keyring holds nothing for this desk: it was wiped, or another Windows/macOS/Linux user is signed in."""

    def __init__(self) -> None:
        super().__init__(
            "This computer has lost its key",
            "The key in this computer's own keyring is missing, so no passphrase can open the records here. "
            f"Your passphrase is not the cause. {_NOTHING_LOST}",
            _USUAL_ACCOUNT,
        )


class DeviceSecretChanged(Problem):
    """The keyring holds another secret than the one this slot was made with."""

    def __init__(self) -> None:
        super().__init__(
            "This computer's key has changed",
            "The key in this computer's own keyring is not the one your sign-in was made with. "
            f"Your passphrase is not the cause. {_NOTHING_LOST}",
            _USUAL_ACCOUNT,
        )


class DeskShutOut(Problem):
    """The alliance has shut this desk out: its device secret is deleted, and no passphrase or code brings it back."""

    def __init__(self) -> None:
        super().__init__(
            "This computer was shut out",
            "Your alliance was told that it is lost, so nobody can sign in here any more. Your passphrase is not the "
            "cause. The records on it stay encrypted.",
            "If it was found again, call the IT help desk and say “desk shut out”: it can be made a desk again. What "
            "was sent from it is at the server.",
        )


class NoSlot(Problem):
    """The member has no slot on this desk."""

    def __init__(self) -> None:
        super().__init__(
            "You are not yet admitted to this computer",
            "Nobody has admitted you to this computer, or a manager removed you from it.",
            "Ask a manager who can sign in here to admit you.",
        )
