# SPDX-License-Identifier: EUPL-1.2
"""The rules of the notifier, each by itself."""
