"""Why a desk could not exchange with the server, each in words that the status line can show."""


class SyncError(Exception):
    """The exchange did not take place. Nothing is lost: what waits keeps waiting. `words` is for people."""

    happened = "The server could not be reached."
    to_do = ""
    """What somebody has to do before it can go on; empty for what mends itself."""

    @property
    def words(self) -> str:
        """What happened, and what to do."""
        return f"{self.happened} {self.to_do}".strip()


class NoServerError(SyncError):
    """Nobody answered: no network, no server, or too slow."""

    happened = "The server does not answer. Your work is kept on this PC and will be sent later."


class NotTheServerError(SyncError):
    """Somebody else answered: a network's sign-in page, a proxy."""

    happened = "This network answers instead of the server."
    to_do = "Sign in to this network, in a web browser."


class CertificateNotTrustedError(SyncError):
    """Somebody answered with a certificate that this PC does not trust: an inspecting proxy, or a sign-in page."""

    happened = "What answers for the server has a certificate that this PC does not trust."
    to_do = "Sign in to this network, or ring IT support and say “certificate not trusted”."


class NotOurServerError(SyncError):
    """What answers does not prove that it is a server of this desk's alliance. Nothing was sent to it."""

    happened = "What answers does not prove that it is your server, so nothing is sent to it. Your work is kept here."
    to_do = "Ring IT support and say “server not proven”."


class WayClosedError(SyncError):
    """The settings that say where the server is were changed by nobody who may: nobody is asked for anything."""

    happened = "The connection settings of this PC were changed, so nothing is sent. Your work is kept here."
    to_do = "Ask a manager to open “Staff and desks” and press W, or ring IT support and say “connection settings”."


class ServerTroubleError(SyncError):
    """The server answered that it cannot at the moment."""

    happened = "The server has a problem. Your work is kept on this PC and will be sent later."


class BusyError(SyncError):
    """The server was asked too often from here, and says when to ask again."""

    happened = "The server has much to do. Your work is kept on this PC and will be sent later."

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds


class TooLargeError(SyncError):
    """What was sent is larger than the server takes. Sent again it would not be smaller."""

    happened = "Something that was saved on this PC is larger than the server takes."
    to_do = "Ring IT support and say “too large to send”."


class NotKnownError(SyncError):
    """The server does not let this desk in."""

    happened = "The server does not let this PC in."
    to_do = "Ring IT support and say “desk not let in”."


class MemberNotKnownError(SyncError):
    """The server does not know the keys of whoever is signed in, and answers nothing that is theirs to ask."""

    happened = "The server does not know your keys yet. What you record is sent all the same."
    to_do = "Try again in a minute. If it says so tomorrow, ring IT support and say “member not known”."


class MemberNotEmployedError(SyncError):
    """Whoever is signed in does not work here any more, as the server knows it."""

    happened = "As the server knows it, you were suspended or do not work here any more."
    to_do = "Ask your team manager."


class ForkedDeskError(SyncError):
    """The server knows other changes by this desk's name: the PC was restored or copied. Nothing was taken or lost."""

    happened = "This PC’s records do not continue what it sent before."
    to_do = "Ring IT support and say “desk forked”."


class OtherGenerationError(SyncError):
    """The server was restored since this desk last spoke to it: the desk must go back first."""

    happened = "The server was restored. This PC sends it again what it lost."


class AlreadyAnsweredError(SyncError):
    """While this desk was giving back, a copy of it was done with it: this one begins again when it exchanges next."""

    happened = "The server was restored. This PC sends it again what it lost."


class VersionsDifferError(SyncError):
    """The server does not understand this program, or the other way round."""

    happened = "This program and the server do not understand each other."
    to_do = "Ring IT support and say “versions differ”."


class CodeNotGoodError(SyncError):
    """The enrolment code was wrong, used or too old."""

    happened = "The code is not right, or it was used or is too old."
    to_do = "Ask for a new one."


class ShutOutError(SyncError):
    """The alliance has shut this desk out for good. `signature` proves that it was the alliance."""

    happened = "This PC was shut out because it was lost. Nobody can sign in here any more."

    def __init__(self, signature: bytes) -> None:
        super().__init__()
        self.signature = signature
