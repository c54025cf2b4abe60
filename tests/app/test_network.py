"""A site with a proxy and a certificate authority of its own: its settings say so, and the desk heeds them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from livingwell_desktop.app.enrolling import Enrolling
from livingwell_desktop.app.network import network_of
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.security.argon2 import FLOOR
from livingwell_desktop.server.serving import RunningServer
from livingwell_desktop.settings import DeskFolder, Settings, load_settings, save_settings
from livingwell_desktop.sync.client import Network, ServerClient
from livingwell_desktop.sync.protocol import ExchangeRequest
from livingwell_desktop.sync.troubles import CertificateNotTrustedError, NoServerError
from tests.central import JoinedDesk, code_for
from tests.conftest import StillClock
from tests.sync.site import Authority, Encrypted, Proxy
from tests.sync.test_engine import Join


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def encrypted(authority: Authority, server: RunningServer) -> Iterator[Encrypted]:
    with Encrypted(authority, server.port) as front:
        yield front


def exchange(desk: JoinedDesk, url: str, network: Network) -> None:
    client = ServerClient(url, desk.device, desk.key.sign, network)
    try:
        client.exchange(ExchangeRequest("0.1.0", {}))
    finally:
        client.close()


def test_a_desk_that_was_told_of_the_site_s_authority_joins_and_others_say_why_not(
    encrypted: Encrypted, authority: Authority, database_url: str, tmp_path: Path, clock: StillClock
) -> None:
    folder = DeskFolder(tmp_path / "desk")
    folder.prepare()
    save_settings(folder.settings, Settings(key_file_allowed=True))
    enrolling, code = Enrolling(folder, clock, FLOOR), code_for(database_url, clock)
    with pytest.raises(Problem) as refused:
        enrolling.join(encrypted.url, code, "Reception")
    assert "a certificate that this PC does not trust" in refused.value.what_happened
    save_settings(folder.settings, Settings(key_file_allowed=True, authorities=str(authority.file)))
    assert enrolling.join(encrypted.url, code, "Reception").name == "Reception"
    kept = load_settings(folder.settings)
    assert (kept.server_url, kept.authorities) == (encrypted.url, str(authority.file))


def test_everything_goes_through_the_proxy_that_the_settings_name(
    encrypted: Encrypted, authority: Authority, join: Join
) -> None:
    desk = join()
    with Proxy() as proxy:
        settings = Settings(proxy=proxy.url, authorities=str(authority.file))
        exchange(desk, encrypted.url, network_of(settings))
        assert set(proxy.asked) == {f"127.0.0.1:{encrypted.port}"}
    with pytest.raises(NoServerError):
        exchange(desk, encrypted.url, network_of(settings))


@pytest.mark.parametrize("content", [None, b"no certificate at all"])
def test_a_file_of_certificates_that_cannot_be_read_stops_no_desk_and_trusts_nobody(
    encrypted: Encrypted, join: Join, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "gone.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CertificateNotTrustedError):
        exchange(join(), encrypted.url, network_of(Settings(authorities=str(file))))


@pytest.mark.parametrize("proxy", ["proxy.example", "ftp://proxy.example", "http://", "http://proxy.example:x"])
def test_what_is_no_address_of_a_proxy_is_not_taken_for_one(tmp_path: Path, proxy: str) -> None:
    with pytest.raises(ValueError, match=r"proxy|[Pp]ort"):
        Settings(proxy=proxy)
    file = tmp_path / "settings.json"
    file.write_text(f'{{"proxy": "{proxy}", "dark": true}}')
    assert load_settings(file) == Settings(dark=True)
