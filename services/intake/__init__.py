# SPDX-License-Identifier: EUPL-1.2
"""Intake. Owns: partners, sealed signals, receipts, imports.

Publishes: signal.submitted, signal.corrected, signal.withdrawn.
Consumes: signal.anonymised, signal.retracted, signal.review (states only).
Never opens what it sealed.
"""
