# SPDX-License-Identifier: EUPL-1.2
"""Main flows in a real browser."""
