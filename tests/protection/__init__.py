# SPDX-License-Identifier: EUPL-1.2
"""The protection judged from outside: invented tables, the real command, an attacker that shares nothing with it.

Owns the judgement. Runs by hand (`python -m tests.protection --help`); what is quick of it runs in the unit tests.
"""
