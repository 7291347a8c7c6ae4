# SPDX-License-Identifier: EUPL-1.2
"""The notifier, verb by verb and rule by rule."""
