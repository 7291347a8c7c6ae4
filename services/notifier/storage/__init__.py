# SPDX-License-Identifier: EUPL-1.2
"""The notifier's tables, one module per subject. Rows never leave this package: what it gives are plain values."""
