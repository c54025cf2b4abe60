"""A fresh PC becomes a desk: it joins with a one-time code, and its first member of staff may sign in.

With an administrator's code of `livingwell-server init` it begins a centre: the alliance certifies the administrator's
keys, which are made here. With any other code it takes over a centre's records, and somebody who has a passphrase
already is admitted with the locked keys that came along.
"""

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from livingwell_desktop.app.network import judged_way, network_of, way_file, way_of
from livingwell_desktop.app.process import secrets_of
from livingwell_desktop.domain.dates import Clock
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.identity import uuid7
from livingwell_desktop.domain.membership import FirstAdministrator
from livingwell_desktop.domain.organisations import Centre, Device, Organisation, Role, Staff
from livingwell_desktop.security.alliance_card import AllianceCard, load_alliance_card, save_alliance_card
from livingwell_desktop.security.argon2 import Argon2Parameters
from livingwell_desktop.security.begun import BegunDesk, BegunName, load_begun, read_begun_name, save_begun
from livingwell_desktop.security.certificate_records import certificate_record
from livingwell_desktop.security.certificates import Certificate, NotCertified, Standing, Statement
from livingwell_desktop.security.device import (
    DeviceKeys,
    create_device_keys,
    load_device_keys,
    new_device_id,
    save_device_keys,
)
from livingwell_desktop.security.durable_files import remove
from livingwell_desktop.security.keyrings import create_device_secret
from livingwell_desktop.security.leases import STAFF_LEASE
from livingwell_desktop.security.member_keys import create_member_keys, lock_keys, unlock_keys
from livingwell_desktop.security.passphrases import check_passphrase
from livingwell_desktop.security.sealing import CannotOpenError
from livingwell_desktop.security.slot_files import SlotFolder
from livingwell_desktop.security.slot_problems import WrongPassphrase
from livingwell_desktop.security.slots import DEFAULT_PARAMETERS, DatabaseKey, create_database_key
from livingwell_desktop.security.tries import Tries
from livingwell_desktop.security.vault import Vault
from livingwell_desktop.services.keys_travel import grant_of, keys_record, newest_keys, statements
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.settings import DeskCard, DeskFolder, Settings, load_settings, save_card
from livingwell_desktop.storage import Author, Signer, Store, Write, create
from livingwell_desktop.storage.database import DamagedStore
from livingwell_desktop.sync.client import ServerClient, enrol
from livingwell_desktop.sync.codes import code_in, fits, letters_of
from livingwell_desktop.sync.engine import SyncEngine
from livingwell_desktop.sync.entering import AllianceTrust
from livingwell_desktop.sync.joining import Enrolled, EnrolRequest, certificate_of_text, certificate_text
from livingwell_desktop.sync.staff_keys import AdministratorRequest
from livingwell_desktop.sync.troubles import SyncError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Joined:
    """A PC that the alliance has taken in, and where nobody may sign in yet."""

    name: str
    code: str = field(repr=False)
    keys: DeviceKeys = field(repr=False)
    secret: bytes = field(repr=False)
    enrolled: Enrolled
    card: AllianceCard = field(repr=False)
    database_key: DatabaseKey = field(repr=False)
    staff: tuple[tuple[UUID, str], ...] = ()
    """Who has a passphrase already, by name; empty where the centre begins."""


class Enrolling:
    """The steps of making a desk, in their order. Each may be tried again after a problem."""

    def __init__(self, folder: DeskFolder, clock: Clock, parameters: Argon2Parameters = DEFAULT_PARAMETERS) -> None:
        self._folder, self._clock, self._parameters = folder, clock, parameters
        # Made once: the same code with the same key gets the same answer again when a reply was lost.
        self._keys = create_device_keys(new_device_id())
        self._centre = uuid7(clock(), os.urandom(10))
        self._cancelled = threading.Event()

    @property
    def begun_as(self) -> str:
        """What this PC is called, where joining had begun and was not brought to its end; else empty."""
        begun = read_begun_name(self._folder.begun)
        return begun.name if begun else ""

    def cancel(self) -> None:
        """Stop fetching at the next page. Any thread may say so; trying again goes on from there."""
        self._cancelled.set()

    def join(self, url: str, code: str, name: str, said: Callable[[str], None] = lambda _words: None) -> Joined:
        """Join the alliance and fetch its records; `said` hears how far that is. With the code with which it had begun
        here it goes on where it was, also after the program was ended. Raises Problem for everything a person can mend,
        and when it was cancelled.
        """
        self._cancelled.clear()
        if not name.strip():
            raise _missing("name", "Enter a name for this computer, like Reception desk 1.")
        settings = replace(load_settings(self._folder.settings), server_url=url.strip())
        joined = self._begun_with(code, name.strip(), settings)
        if joined is None:
            joined = self._joined(code, name.strip(), settings)
        else:
            self._keep_way(joined.keys.device_id, joined.secret, settings)
        try:
            return replace(joined, staff=self._opened(joined, lambda store: self._fetched(joined, store, said)))
        except DamagedStore:
            self._remove_records()  # the next try fetches everything anew
            raise

    def _begun_with(self, code: str, name: str, settings: Settings) -> Joined | None:
        """What had begun with that code; a mistyped one spoils nothing."""
        called = read_begun_name(self._folder.begun)
        secret = secrets_of(self._folder, settings, called.device_id).load() if called else None
        if called is None or secret is None:
            return None
        begun = load_begun(self._folder.begun, letters_of(code_in(code.strip())), secret)
        keys = load_device_keys(self._folder.device_keys, secret) if begun else None
        if begun is None or keys is None:
            return None
        enrolled = Enrolled(certificate_of_text(begun.certificate), begun.alliance_key)
        card = load_alliance_card(self._folder.alliance, keys.device_id, secret)
        return Joined(name, code_in(code.strip()), keys, secret, enrolled, card, DatabaseKey(begun.database_key, 1))

    def _joined(self, code: str, name: str, settings: Settings) -> Joined:
        """The alliance takes this PC in; what it goes on with is written before anything is fetched."""
        request = EnrolRequest(code_in(code.strip()), name, self._keys.public, self._centre)
        network = network_of(settings)
        enrolled = _asked(lambda: enrol(settings.server_url, request, network))
        check_certificate(enrolled, self._keys.public)
        if not fits(code, enrolled.alliance_key):
            raise _another_alliance()
        keys = replace(self._keys, device_id=str(enrolled.device))
        client = ServerClient(settings.server_url, enrolled.device, keys.signer(), network)
        client.entrance.trust = AllianceTrust(enrolled.alliance_key)
        try:
            card = AllianceCard(enrolled.alliance_key, _asked(client.travel_key))
        finally:
            client.close()
        self._folder.prepare()
        secret, database_key = create_device_secret(), create_database_key()
        secrets_of(self._folder, settings, keys.device_id).save(secret)
        self._keep_way(keys.device_id, secret, settings)
        save_device_keys(self._folder.device_keys, keys, secret)
        save_alliance_card(self._folder.alliance, card, keys.device_id, secret)
        self._remove_records()
        called = BegunName(keys.device_id, name)
        begun = BegunDesk(database_key.key, certificate_text(enrolled.certificate), enrolled.alliance_key)
        save_begun(self._folder.begun, called, begun, letters_of(request.code), secret)
        return Joined(name, request.code, keys, secret, enrolled, card, database_key)

    def _keep_way(self, device_id: str, secret: bytes, settings: Settings) -> None:
        """What this PC was told before it joined, and the address that was typed, count from now on as sealed."""
        secrets = secrets_of(self._folder, settings, device_id)
        way_file(self._folder, device_id, secret, lambda: secrets).seal(way_of(settings))

    def _remove_records(self) -> None:
        """A file of an attempt before has a key that nobody has any more, or is damaged. Nobody has worked in it."""
        for left in self._folder.path.glob("records.db*"):
            left.unlink()

    def begin_centre(self, joined: Joined, first: FirstAdministrator) -> None:
        """The first administrator of a new centre: certified by the alliance, admitted here, and everything sent."""
        _check(first)
        centre, staff = joined.enrolled.certificate.centres[0], uuid7(self._clock(), os.urandom(10))
        keys = create_member_keys(str(staff))
        asked = AdministratorRequest(joined.code, staff, keys.public.agreement, keys.public.signing)
        client = self._client(joined)
        try:
            signature = _asked(lambda: client.certify_administrator(asked))
        finally:
            client.close()
        locked = lock_keys(keys, first.passphrase, self._parameters)
        certificate = Certificate(Statement(keys.public, 0, Standing.ADMINISTRATOR), "", signature)

        def write(store: Store) -> None:
            known = {held.value.name.casefold(): held.id for held in store.find(Organisation)}
            organisation = known.get(first.organisation.strip().casefold())
            of = organisation or uuid7(self._clock(), os.urandom(10))
            value = Staff(
                given_name=first.given_name.strip(),
                family_name=first.family_name.strip(),
                role=Role.ADMINISTRATOR,
                organisation=of,
                centre=centre,
            )
            name = first.organisation.strip()
            writes = [create(centre, Centre(name=first.centre.strip())), create(staff, value)]
            if organisation is None:
                writes.append(create(of, Organisation(name=name, short_name=name, letters=name[:2].title())))
            author = Author(staff, centre, "begin a centre")
            store.write([*writes, self._desk_record(joined, centre)], [], author)
            practice = self._practice(joined, store, staff)
            assert practice.vault is not None  # _practice makes one
            records = [certificate_record(certificate), keys_record(practice.vault, locked, 0)]
            store.write([create(practice.new_id(), each) for each in records], [], author)
            self._admit(practice, practice.staff.id)

        self._opened(joined, write)
        self._finish(joined, first.centre.strip())

    def admit_colleague(self, joined: Joined, staff: UUID, passphrase: str) -> None:
        """Somebody with a passphrase signs in here first. Raises WrongPassphrase and NotCertified; nobody is admitted
        by this desk alone, for only right locked keys with a certificate open.
        """

        def write(store: Store) -> str:
            centre = joined.enrolled.certificate.centres[0]
            held = store.get(Centre, centre)
            if held is None:
                raise Problem(
                    "This code does not say which centre this is",
                    "The computer joined, but no centre of the alliance is its own.",
                    "Ask for a code for your centre, and begin again.",
                )
            if store.get(Device, joined.enrolled.device) is None:
                store.write([self._desk_record(joined, centre)], [], Author(staff, centre, "join the alliance"))
            practice = self._practice(joined, store, staff)
            self._admit(practice, staff, passphrase)
            return held.value.name

        self._finish(joined, self._opened(joined, write))

    def _admit(self, practice: Practice, staff: UUID, passphrase: str | None = None) -> None:
        vault, statement = practice.vault, statements(practice).get(str(staff))
        locked = newest_keys(practice, statement) if statement is not None else None
        if vault is None or statement is None or locked is None:
            raise NotCertified
        if passphrase is not None:
            try:
                unlock_keys(locked, passphrase)
            except CannotOpenError:
                raise WrongPassphrase from None
        vault.admit(locked, statement, grant_of(practice, practice.staff, self._clock() + STAFF_LEASE))

    def _fetched(self, joined: Joined, store: Store, said: Callable[[str], None]) -> tuple[tuple[UUID, str], ...]:
        client = _asked(lambda: self._client(joined))
        engine = SyncEngine(store, client, self._clock, stopping=self._cancelled)
        engine.listen(lambda state: said(state.download_words))
        try:
            _asked(engine.exchange_all)
            if self._cancelled.is_set():
                raise Problem(
                    "You stopped it",
                    "This computer has joined, and some of the records have not come yet.",
                    "Press Join to go on where it was. Leave the code as it is.",
                )
        finally:
            engine.stop()
        if store.get(Centre, joined.enrolled.certificate.centres[0]) is None:
            return ()
        found = [(held.id, held.value.name) for held in store.find(Staff) if held.value.active]
        return tuple(sorted(found, key=lambda each: each[1].casefold()))

    def _finish(self, joined: Joined, centre: str) -> None:
        """Send what was written; without the card, which is written last, this PC is no desk yet."""

        def send(store: Store) -> None:
            engine = SyncEngine(store, self._client(joined), self._clock)
            try:
                _asked(engine.exchange_all)
            finally:
                engine.stop()

        self._opened(joined, send)
        save_card(self._folder.card, DeskCard(joined.keys.device_id, joined.name, centre))
        remove(self._folder.begun)

    def _practice(self, joined: Joined, store: Store, staff: UUID) -> Practice:
        member, device = store.get(Staff, staff), store.get(Device, joined.enrolled.device)
        centre = store.get(Centre, joined.enrolled.certificate.centres[0])
        if member is None or device is None or centre is None:
            raise NotCertified
        vault = Vault(
            SlotFolder(self._folder.slots),
            Tries(self._folder.slots, self._clock),
            joined.keys.device_id,
            joined.secret,
            joined.card,
            joined.database_key,
            create_member_keys(str(staff)),  # signs nothing: whoever is admitted signs in afterwards
            store.change_key,
            self._parameters,
        )
        return Practice(store, self._clock, member, centre, device, vault=vault)

    def _desk_record(self, joined: Joined, centre: UUID) -> Write:
        value = Device(
            name=joined.name, centre=centre, letter=joined.enrolled.letter, public_key=joined.keys.public.hex()
        )
        return create(joined.enrolled.device, value)

    def _client(self, joined: Joined) -> ServerClient:
        settings = load_settings(self._folder.settings)
        secrets = secrets_of(self._folder, settings, joined.keys.device_id)
        way = judged_way(way_file(self._folder, joined.keys.device_id, joined.secret, lambda: secrets), settings)
        return ServerClient(way.settings.server_url, joined.enrolled.device, joined.keys.signer(), way.network)

    def _opened(self, joined: Joined, work: Callable[[Store], T]) -> T:
        signer = Signer(joined.enrolled.device, joined.keys.signer())
        store = Store.open(self._folder.records, joined.database_key.key, signer, self._clock)
        try:
            store.audit.trust_alliance(joined.enrolled.alliance_key)
            # Should the server be lost before this desk was ever connected to it again, this lets it in.
            certificate = joined.enrolled.certificate
            store.own.keep_certificates([(0, certificate.device, certificate_text(certificate))])
            return work(store)
        finally:
            store.close()


def check_certificate(enrolled: Enrolled, public_key: bytes) -> None:
    """Raises Problem unless the certificate is for this computer's key and made by the alliance that it names."""
    certificate = enrolled.certificate
    if certificate.public_key != public_key or not certificate.holds(enrolled.alliance_key):
        raise Problem(
            "This certificate is not this computer’s",
            "It was made by another alliance, or for another computer. Nothing was set up.",
            "Check the server’s address. If it is right, call the IT help desk and say “wrong certificate”.",
        )


def _another_alliance() -> Problem:
    return Problem(
        "The code is not of the server that answered",
        "The last three groups of the code say which alliance made it, and this server is another’s, or the code was "
        "not typed to its end. Nothing was set up. The server that answered has the code now.",
        "Check the server’s address, and ask for a new code. If both are right, call the IT help desk and say “wrong "
        "server”.",
    )


def _asked(ask: Callable[[], T]) -> T:
    """What the server answers. Raises Problem with the words of what went wrong."""
    try:
        return ask()
    except SyncError as error:
        raise Problem("The server did not take this computer in", error.words, "Then try again.") from None
    except ValueError:
        sentence = "Enter the server’s address. It begins with https://"
        raise Problem("That is no server address", sentence, "", (FieldProblem("url", sentence),)) from None


def _check(first: FirstAdministrator) -> None:
    wrong = [
        FieldProblem(name, sentence)
        for name, sentence in (
            ("given_name", "Enter your first name."),
            ("family_name", "Enter your last name."),
            ("organisation", "Enter the organisation you work for."),
            ("centre", "Enter the name of the centre."),
        )
        if not getattr(first, name).strip()
    ]
    if wrong:
        raise Problem("Some answers are missing", "Nothing was saved yet.", wrong[0].sentence, tuple(wrong))
    about = (first.given_name, first.family_name, first.organisation)
    problem = check_passphrase(first.passphrase, generated=first.generated, about=about)
    if problem is not None:
        raise problem


def _missing(name: str, sentence: str) -> Problem:
    return Problem("Some answers are missing", "Nothing was saved yet.", sentence, (FieldProblem(name, sentence),))
