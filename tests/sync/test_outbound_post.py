"""One POST to a stranger: where it may go, and what it makes of the answer."""

import ipaddress
import socket
import time

import pytest

from stores.sync.outbound import addresses
from stores.sync.outbound.addresses import is_public
from stores.sync.outbound.errors import NotDelivered
from stores.sync.outbound.post import post
from tests.racing import HANG_SECONDS
from tests.sync.receivers import answers, parsed, receiver, says_nonsense, talks_without_end


def test_a_body_without_end_is_not_read():
    with receiver(talks_without_end) as shop:
        started = time.monotonic()
        assert post(shop.url, body=b"{}", headers={}, private_allowed=True, deadline_seconds=600) == 200
        # Reading on would have gone on until the deadline.
        assert time.monotonic() - started < 300


def test_nonsense_and_silence_are_told_apart():
    with receiver(says_nonsense) as shop, pytest.raises(NotDelivered, match="not an HTTP answer"):
        post(shop.url, body=b"{}", headers={}, private_allowed=True, deadline_seconds=HANG_SECONDS)
    with pytest.raises(NotDelivered, match="connection refused"):
        post(shop.url, body=b"{}", headers={}, private_allowed=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "fec0::1", "::10.0.0.1", "64:ff9b:1::1", "240.0.0.1",
    ],
)  # fmt: skip
def test_an_address_of_our_own_network_is_not_public(address):
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_an_address_of_the_world_is(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_a_private_address_is_not_called(host):
    with receiver(answers(200)) as shop:
        with pytest.raises(NotDelivered, match="address is not public"):
            post(f"https://{host}:{shop.port}/", body=b"{}", headers={}, private_allowed=False)
        assert shop.requests == []


@pytest.mark.parametrize(
    "url",
    ["http://shop.example/", "ftp://shop.example/", "https://a:b@shop.example/", "https:///", "https://x:y/", "x"],
)
def test_only_plain_https_urls_are_called(url):
    with pytest.raises(NotDelivered, match="URL"):
        post(url, body=b"{}", headers={}, private_allowed=False)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_arguments, **_options: found)
    with pytest.raises(NotDelivered, match="address is not public"):
        post("https://shop.example/", body=b"{}", headers={}, private_allowed=False)


def test_the_host_is_resolved_once_and_the_address_kept(monkeypatch):
    asked = []
    with receiver(answers(200)) as shop:

        def getaddrinfo(host, port, *_arguments, **_options):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
        url = f"http://shop.example:{shop.port}/"
        assert post(url, body=b"{}", headers={}, private_allowed=True, deadline_seconds=HANG_SECONDS) == 200
    # The second look-up is of the address itself, which leads nowhere else.
    assert asked[0] == "shop.example"
    assert set(asked[1:]) <= {"127.0.0.1"}
    assert parsed(shop.requests[0])[1]["host"] == f"shop.example:{shop.port}"


def test_a_host_that_is_not_found(monkeypatch):
    def getaddrinfo(*_arguments, **_options):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(NotDelivered, match="host not found"):
        post("https://shop.example/", body=b"{}", headers={}, private_allowed=False)
