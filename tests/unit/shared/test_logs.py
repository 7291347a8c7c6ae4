# SPDX-License-Identifier: EUPL-1.2
"""Logging never stands in the way of the work it tells about."""

import io

import pytest

from shared.logs import Unfailing


class Full(io.StringIO):
    """A file on a full disk."""

    def write(self, text: str) -> int:
        """Refuses."""
        raise OSError(28, "no room", text[:0])

    def flush(self) -> None:
        """Refuses."""
        raise OSError(28, "no room")


def closed() -> io.StringIO:
    """A file that was closed."""
    file = io.StringIO()
    file.close()
    return file


@pytest.mark.parametrize("out", [Full(), closed()])
def test_given_a_file_that_takes_no_more_when_a_line_is_written_then_only_the_line_is_lost(out: io.StringIO) -> None:
    lines = Unfailing(out)

    lines.flush()

    assert lines.write("line") == 0


def test_given_room_when_a_line_is_written_then_it_is_there() -> None:
    out = io.StringIO()

    written = Unfailing(out).write("line")

    assert (written, out.getvalue()) == (4, "line")
