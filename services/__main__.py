# SPDX-License-Identifier: EUPL-1.2
"""The one entry point: `seinhuis`, or `python -m services`.

Holds nothing, because every worker process imports the module its parent was started from.
"""


def main() -> None:
    """Run the command line."""
    from services.command_line import main as command_line

    command_line()


if __name__ == "__main__":
    main()
