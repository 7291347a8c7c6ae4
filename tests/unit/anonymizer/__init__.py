# SPDX-License-Identifier: EUPL-1.2
"""The anonymizer's tests."""
