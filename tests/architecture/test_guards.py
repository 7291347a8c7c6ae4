# SPDX-License-Identifier: EUPL-1.2
"""The guards that stand around every test, each tried."""

import asyncio
import socket
import warnings
from pathlib import Path

import pytest

from tests.guards import OutsideNetworkError

DOCUMENTATION_ADDRESS = "192.0.2.1"  # RFC 5737: never anyone's


def test_given_the_guard_when_a_socket_connects_elsewhere_then_it_is_refused() -> None:
    with socket.socket() as outside, pytest.raises(OutsideNetworkError):
        outside.connect((DOCUMENTATION_ADDRESS, 9))


def test_given_the_guard_when_a_datagram_is_sent_elsewhere_then_it_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as outside, pytest.raises(OutsideNetworkError):
        outside.sendto(b"x", (DOCUMENTATION_ADDRESS, 9))


def test_given_the_guard_when_a_name_is_looked_up_then_it_is_refused() -> None:
    with pytest.raises(OutsideNetworkError):
        socket.getaddrinfo("example.org", 80)


async def test_given_the_guard_when_a_stream_is_opened_elsewhere_then_it_is_refused() -> None:
    with pytest.raises(OutsideNetworkError):
        await asyncio.open_connection(DOCUMENTATION_ADDRESS, 9)


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_UNIX])
def test_given_the_guard_when_this_machine_is_connected_then_it_answers(family: int, tmp_path: Path) -> None:
    address = ("127.0.0.1", 0) if family == socket.AF_INET else str(tmp_path / "s")
    with socket.socket(family) as server, socket.socket(family) as client:
        server.bind(address)
        server.listen()

        client.connect(server.getsockname())

        assert client.getpeername() == server.getsockname()


def test_given_a_warning_when_it_is_raised_in_a_test_then_it_is_an_error() -> None:
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
