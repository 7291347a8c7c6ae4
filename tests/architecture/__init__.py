# SPDX-License-Identifier: EUPL-1.2
"""The rules of the house as tests, each with a planted violation that proves the check can fail."""
