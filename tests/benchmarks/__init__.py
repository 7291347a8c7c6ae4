# SPDX-License-Identifier: EUPL-1.2
"""Benchmarks: ratios within one run, so that they mean the same on every machine.

Each `bench_*.py` here has `run() -> list[dict]` with `name`, `ratio`, `goal`, `unit` ("x") and `detail`.
A ratio is better the higher it is: a time that must stay under a bound is given as bound over time.
"""
