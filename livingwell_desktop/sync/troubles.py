"""Why a desk could not exchange with the server, each in words that the status line can show."""


class SyncError(Exception):
    """The exchange did not take place. Nothing is lost: what waits keeps waiting. `words` is for people."""

    words = "The server could not be reached."


class NoServerError(SyncError):
    """Nobody answered: no network, no server, or too slow."""

    words = "The server does not answer. Your work is kept on this PC and will be sent later."


class NotTheServerError(SyncError):
    """Somebody else answered: a network's sign-in page, a proxy."""

    words = "This network answers instead of the server. It may want you to sign in to it, in a web browser."


class ServerTroubleError(SyncError):
    """The server answered that it cannot at the moment."""

    words = "The server has a problem. Your work is kept on this PC and will be sent later."


class NotKnownError(SyncError):
    """The server does not let this desk in."""

    words = "The server does not let this PC in. Ring IT support and say “desk not let in”."


class ForkedDeskError(SyncError):
    """The server knows other changes by this desk's name: the PC was restored or copied. Nothing was taken or lost."""

    words = "This PC’s records do not continue what it sent before. Ring IT support and say “desk forked”."


class OtherGenerationError(SyncError):
    """The server was restored since this desk last spoke to it: the desk must go back first."""

    words = "The server was restored. This PC sends it again what it lost."


class AlreadyAnsweredError(SyncError):
    """A desk of this name has gone back to what the restored server holds: there is nothing more to give back."""

    words = "The server has all that this PC can give back."


class VersionsDifferError(SyncError):
    """The server does not understand this program, or the other way round."""

    words = "This program and the server do not understand each other. Ring IT support and say “versions differ”."


class CodeNotGoodError(SyncError):
    """The enrolment code was wrong, used or too old."""

    words = "The code is not right, or it was used or is too old. Ask for a new one."


class ShutOutError(SyncError):
    """The alliance has shut this desk out for good. `signature` proves that it was the alliance."""

    words = "This PC was shut out because it was lost. Nobody can sign in here any more."

    def __init__(self, signature: bytes) -> None:
        super().__init__()
        self.signature = signature
