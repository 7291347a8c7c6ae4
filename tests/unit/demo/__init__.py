# SPDX-License-Identifier: EUPL-1.2
"""The invented history, and reading a history from a file."""
