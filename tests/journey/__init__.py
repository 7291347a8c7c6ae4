# SPDX-License-Identifier: EUPL-1.2
"""Whole journeys, driven from outside: the program as a process, HTTP, kill -9."""
