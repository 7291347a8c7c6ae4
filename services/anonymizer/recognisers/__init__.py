# SPDX-License-Identifier: EUPL-1.2
"""Recognisers: small pure rules that each mark one family of personal data in a `Reading`.

Each takes the reading and marks spans in it; the order they run in is `redaction.ORDER`. None does IO or keeps state.
"""
