# SPDX-License-Identifier: EUPL-1.2
"""Proof that nothing personal gets out: marked data goes in by every way, then everything is searched for it."""
