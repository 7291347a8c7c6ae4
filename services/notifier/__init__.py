# SPDX-License-Identifier: EUPL-1.2
"""Notifier. Owns: series, alerts, subscriptions, deliveries.

Consumes: signal.anonymised, signal.retracted. Publishes: alert.raised; sends mail, webhook, file. Never sees a text.
"""
