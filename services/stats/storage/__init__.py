# SPDX-License-Identifier: EUPL-1.2
"""What stats keeps. Only here is SQL spoken, and rows never leave it: callers get values."""
