"""How a desk comes in at its server: it proves its key, and believes nobody who does not prove the alliance's."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from livingwell_desktop.sync.joining import Certificate, Session, SessionRequest, session_message
from livingwell_desktop.sync.proving import (
    CHALLENGE_BYTES,
    CertifiedServer,
    MemberStanding,
    NamedMember,
    Opening,
    member_message,
)
from livingwell_desktop.sync.troubles import (
    MemberNotEmployedError,
    MemberNotKnownError,
    NoServerError,
    NotKnownError,
    NotOurServerError,
    SyncError,
    VersionsDifferError,
)

_NOT_THEIRS: dict[MemberStanding, type[SyncError]] = {
    MemberStanding.NOT_CERTIFIED: MemberNotKnownError,
    MemberStanding.NOT_EMPLOYED: MemberNotEmployedError,
}


class Trust(Protocol):
    """What a desk knows of its server, and keeps."""

    def alliance_key(self) -> bytes:
        """The public key of its alliance; empty where it is not known, and nothing can be proved."""
        ...

    def is_proven(self) -> bool:
        """Whether its server has ever proved itself: from then on nobody is believed who does not."""
        ...

    def proven(self) -> None:
        """It has just proved itself."""
        ...

    def certificates(self) -> Sequence[Certificate]:
        """What the alliance certified of this desk, then of the desks it is a copy of: for a server that forgot it."""
        ...


@dataclass
class AllianceTrust:
    """What a desk knows while it is made, and has no store yet."""

    key: bytes = b""
    seen: bool = False

    def alliance_key(self) -> bytes:
        """See Trust."""
        return self.key

    def is_proven(self) -> bool:
        """See Trust."""
        return self.seen

    def proven(self) -> None:
        """See Trust."""
        self.seen = True

    def certificates(self) -> Sequence[Certificate]:
        """See Trust."""
        return ()


class Door(Protocol):
    """What is asked of the server before there is a session. Everything raises SyncError."""

    def server(self) -> CertifiedServer | None:
        """Which server this is; None for one of the release before, which cannot say."""
        ...

    def challenge(self) -> bytes:
        """A nonce to sign."""
        ...

    def session(self, proof: SessionRequest) -> Session:
        """Raises NotKnownError for a desk that this server does not know."""
        ...

    def come_back(self, proof: SessionRequest, certificates: Sequence[Certificate]) -> Session:
        """The same of a server that forgot this desk."""
        ...


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in at this desk, and what makes their signatures."""

    member: UUID
    sign: Callable[[bytes], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entered:
    """A session of ours, and the generation that its server signed; empty where it cannot sign."""

    token: str = field(default="", repr=False)
    generation: str = ""
    member: MemberStanding = MemberStanding.NOBODY
    """Whether it is the member's, too, who is signed in."""
    ends: float = 0.0
    """When it has to be proved anew, by the clock that nobody sets."""

    @property
    def headers(self) -> dict[str, str]:
        """What lets a request in."""
        return {"authorization": f"Bearer {self.token}"}


class Entrance:
    """One desk's sessions, the one before replaced by the next. Threads may share it."""

    def __init__(self, door: Door, device: UUID, sign: Callable[[bytes], bytes]) -> None:
        self._door, self._device, self._sign = door, device, sign
        self._entering = threading.Lock()
        self.now = Entered()
        self.trust: Trust = AllianceTrust()
        self.signed_in: SignedIn | None = None
        """Who is signed in; None while a desk is made, or fetches its records anew."""

    def go_on_as(self, device: UUID, sign: Callable[[bytes], bytes]) -> None:
        """Be another desk from now on."""
        with self._entering:
            self._device, self._sign, self.now = device, sign, Entered()

    def enter(self, stale: str = "") -> Entered:
        """The session, got anew unless there is one whose token is not the stale one. Raises SyncError."""
        with self._entering:
            if self.now.token in ("", stale) or time.monotonic() >= self.now.ends:
                self.now = self._opened_or_none()
            return self.now

    def check(self, generation: str) -> None:
        """Raises NotOurServerError unless the server that proved itself has that generation, too.

        So nobody on the way can tell a desk that the server was restored, and be given everything back.
        """
        # Perhaps it was restored since this session was opened: then the next one says so.
        known = self.now
        if known.generation not in ("", generation) and self.enter(known.token).generation != generation:
            raise NotOurServerError

    def enter_as_member(self) -> None:
        """Have a session that is the member's who is signed in, where the server can tell.

        Their certificate may have come to the server since this session was opened. Raises SyncError.
        """
        now = self.enter()
        if now.member in _NOT_THEIRS:
            now = self.enter(now.token)
        if now.member in _NOT_THEIRS:
            raise _NOT_THEIRS[now.member]

    def _opened_or_none(self) -> Entered:
        try:
            return self._open()
        except NoServerError:
            raise  # the line is bad: the session before is as good as it was, until it ends
        except SyncError:
            # Whoever answers proves nothing: what waits is not sent to them by the session before either.
            self.now = Entered()
            raise

    def _open(self) -> Entered:
        alliance = self.trust.alliance_key()
        asks = bool(alliance) and (self.trust.is_proven() or self._says_it_is_certified(alliance))
        try:
            return self._opened(self._door.session, alliance if asks else b"")
        except NotKnownError:
            certificates = self.trust.certificates()
            if not certificates:
                raise
        # A server that was restored may have forgotten this desk: the alliance's word counts.
        return self._opened(lambda proof: self._door.come_back(proof, certificates), alliance if asks else b"")

    def _opened(self, ask: Callable[[SessionRequest], Session], alliance: bytes) -> Entered:
        nonce, challenge = self._door.challenge(), os.urandom(CHALLENGE_BYTES) if alliance else b""
        signature, member = self._sign(session_message(self._device, nonce)), self._named(challenge, nonce)
        try:
            session = ask(SessionRequest(self._device, nonce, signature, challenge, member))
        except VersionsDifferError as error:
            # One that does not read the challenge is of the release before, or says so.
            raise (NotOurServerError if challenge else VersionsDifferError) from error
        ends = time.monotonic() + session.seconds
        if not challenge:
            return Entered(session.token, ends=ends)
        opening = Opening(challenge, self._device, nonce, session.token)
        if session.proof is None or not session.proof.holds(alliance, opening):
            raise NotOurServerError
        if not self.trust.is_proven():
            self.trust.proven()
        return Entered(session.token, session.proof.generation, session.member, ends)

    def _named(self, challenge: bytes, nonce: bytes) -> NamedMember | None:
        here = self.signed_in
        if here is None or not challenge:
            return None
        return NamedMember(here.member, here.sign(member_message(here.member, challenge, self._device, nonce)))

    def _says_it_is_certified(self, alliance: bytes) -> bool:
        server = self._door.server()
        if server is not None and not server.holds(alliance):
            raise NotOurServerError
        return server is not None
