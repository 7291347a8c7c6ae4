# SPDX-License-Identifier: EUPL-1.2
"""Published language and plumbing of the four services: no business rule, and never an import of `services`."""
