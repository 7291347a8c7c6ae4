# SPDX-License-Identifier: EUPL-1.2
"""The demo: an invented or given history, replayed through the real path. Imports nothing of a service.

Nobody in the invented history exists. What is replayed goes in at the front door, like the signals of any partner.
"""
