# SPDX-License-Identifier: EUPL-1.2
"""Tests of single parts, one folder per room."""
