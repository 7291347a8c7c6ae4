# SPDX-License-Identifier: EUPL-1.2
"""`python -m tests.real up`: Kafka and PostgreSQL until Ctrl-C, with the variables that point tests at them."""

import signal
import sys

from tests.real import NotHereError
from tests.real.servers import KAFKA, POSTGRES
from tests.real.sharing import acquire, release

USAGE = "usage: python -m tests.real up [kafka] [postgres]"
ENDINGS = {signal.SIGINT, signal.SIGTERM}
KINDS = {"kafka": (KAFKA, "SEINHUIS_TEST_KAFKA"), "postgres": (POSTGRES, "SEINHUIS_TEST_POSTGRES")}


def main(arguments: list[str]) -> int:
    """Exit 0 after Ctrl-C, 2 on bad usage, 3 when a server cannot be had."""
    names = arguments[1:] or list(KINDS)
    if arguments[:1] != ["up"] or not set(names) <= set(KINDS):
        sys.stderr.write(USAGE + "\n")
        return 2
    started = []
    try:
        for name in names:
            kind, variable = KINDS[name]
            url = acquire(kind)
            started.append(kind)
            sys.stdout.write(f"export {variable}={url}\n")
            sys.stdout.flush()
        # only now: the servers would inherit the blocked signals and never hear that they should end
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        signal.sigwait(ENDINGS)
    except NotHereError as missing:
        sys.stderr.write(f"{missing}\n")
        return 3
    finally:
        for kind in started:
            release(kind)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
