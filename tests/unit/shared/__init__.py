# SPDX-License-Identifier: EUPL-1.2
"""Tests of the plumbing and the web edge all services share."""
