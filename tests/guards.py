# SPDX-License-Identifier: EUPL-1.2
"""Guards around every test. Owns the promise that no test talks to anything but this machine.

An audit hook sees each connect, send and name look-up of CPython's sockets, whichever library asks; it cannot be
taken out again, which is the point. Event loops in C (uvloop) look up and connect on their own: tests run on asyncio's.
"""

import ipaddress
import socket
import sys

THIS_MACHINE = {"localhost", "", None}


class OutsideNetworkError(RuntimeError):
    """A test tried to reach another machine. Carries no address: a test's data may stand in it."""


def is_this_machine(host: object) -> bool:
    """True for the loopback addresses and the names of this machine.

    >>> is_this_machine("127.0.0.1"), is_this_machine("::1"), is_this_machine("localhost")
    (True, True, True)
    >>> is_this_machine("192.0.2.1"), is_this_machine("example.org")
    (False, False)
    """
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in THIS_MACHINE:
        return True
    try:
        address = ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def forbid_other_machines() -> None:
    """Make every attempt of this process to leave the machine raise OutsideNetworkError, from here on."""
    sys.addaudithook(_refuse_other_machines)


def _refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"}:
        sock, address = arguments[0], arguments[1]
        if not isinstance(sock, socket.socket) or sock.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    if not is_this_machine(host):
        raise OutsideNetworkError("tests reach nothing outside this machine")
