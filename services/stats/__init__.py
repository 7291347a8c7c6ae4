# SPDX-License-Identifier: EUPL-1.2
"""Stats. Owns: the ledger of coded facts, case rows, cells, releases.

Consumes: signal.anonymised, signal.retracted, and alert.raised for what its readers know of counts.
Publishes: release.approved. Never sees a text.
"""
