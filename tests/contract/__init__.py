# SPDX-License-Identifier: EUPL-1.2
"""One suite per promise, run unchanged on every implementation of it."""
