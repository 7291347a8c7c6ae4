# SPDX-License-Identifier: EUPL-1.2
"""The rules of stats, each by itself."""
