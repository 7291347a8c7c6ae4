# SPDX-License-Identifier: EUPL-1.2
"""Everything that proves the chain does what it says."""
