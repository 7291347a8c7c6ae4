# SPDX-License-Identifier: EUPL-1.2
"""The four services of the chain. They never import each other; `services.command_line` alone sees more than one."""
