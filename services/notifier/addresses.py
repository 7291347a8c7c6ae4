# SPDX-License-Identifier: EUPL-1.2
"""Which addresses on the internet may be called, in whatever form they are written.

Pure. Owns the list of what lies inside. A name is judged here only by its form; what it points to is judged when it is
called, every time.
"""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

# Ways to write an IPv4 address in IPv6, with the bits at which it begins. Source: RFC 6052, 3056, 4291, 4380.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_NAT64_LOCAL: Final = ipaddress.IPv6Network("64:ff9b:1::/48")
_INSIDE_NAMES: Final = ("localhost", "local", "internal", "lan", "home.arpa", "onion")


def is_public(address: str) -> bool:
    """Whether an address is on the open internet, in whatever form it is written.

    >>> [is_public(a) for a in ("93.184.216.34", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "fe80::1%eth0")]
    [True, False, False, False, False]
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = _inside(found)
        if inner is not None:
            return is_public(str(inner))
        if found in _NAT64_LOCAL or found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved and not found.is_unspecified


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    whole = int(address)
    if address in _NAT64 or whole >> 32 == 0:
        return ipaddress.IPv4Address(whole & 0xFFFFFFFF)
    return None


def webhook_fault(address: str, *, allow_private: bool) -> str | None:
    """What is wrong with the address of a webhook, without repeating it. A number is an address however it is written.

    >>> [webhook_fault(f"https://{h}/", allow_private=False) is None for h in ("hook.example", "2130706433", "0x7f.1")]
    [True, False, False]
    """
    try:
        target = urlsplit(address)
        host, _ = target.hostname, target.port
    except ValueError:
        return "Dit is geen webadres."
    if target.scheme != "https" or not host:
        return "Een webhook begint met https://."
    if target.username is not None or target.password is not None:
        return "Zet geen naam of wachtwoord in het adres."
    return None if allow_private or _outside(host) else "Dit adres is niet van buiten te bereiken."


def _outside(host: str) -> bool:
    last = host.rstrip(".").rpartition(".")[2]
    if ":" in host or last.isdigit() or last.startswith("0x"):
        return is_public(host)
    return "." in host and not any(f".{host.rstrip('.')}".endswith(f".{name}") for name in _INSIDE_NAMES)
