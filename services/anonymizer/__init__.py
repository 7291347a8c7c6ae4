# SPDX-License-Identifier: EUPL-1.2
"""Anonymizer. Owns: redacted texts under review, the state of every case.

Consumes: signal.submitted, signal.corrected, signal.withdrawn. Publishes: signal.anonymised, signal.retracted.
The only place that opens a signal. Never keeps an unredacted text.
"""
