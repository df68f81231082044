"""Where a webhook may go: to public addresses, resolved once, so that a second answer cannot lead elsewhere."""

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong

from stores.sync.outbound.errors import AddressRefused, NotDelivered

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def pinned_address(host: str, port: int, *, private_allowed: bool, seconds: float) -> str:
    """The one address to connect to. Raises AddressRefused when any address of the host is not public."""
    addresses = _resolve(host, port, seconds)
    if not private_allowed and not all(is_public(address) for address in addresses):
        raise AddressRefused
    return str(addresses[0])


def is_public(address: Address) -> bool:
    """Also looks into IPv6 addresses that stand for an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(one is not None and not is_public(one) for one in inner):
            return False
        # A mapped address is not global in itself; what it stands for decides.
        if address.ipv4_mapped or address in _NAT64:
            return True
        # Older forms of what is private: fec0::/10, and IPv4 addresses written as ::10.0.0.1.
        if address.is_site_local or address.is_reserved:
            return False
    return address.is_global and not address.is_multicast


def _resolve(host: str, port: int, seconds: float) -> list[Address]:
    # The system's resolver knows no deadline; a thread that is late is left to end by itself.
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="resolve")
    try:
        found = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM).result(timeout=seconds)
    except (OSError, UnicodeError) as error:
        raise NotDelivered("host not found") from error
    except TooLong as error:
        raise NotDelivered("host not found in time") from error
    finally:
        pool.shutdown(wait=False)
    addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return list(dict.fromkeys(addresses))
