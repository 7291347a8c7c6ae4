# SPDX-License-Identifier: EUPL-1.2
"""The web edge every service shares: application, failures, bodies, forms, pages, charts.

Owns everything about HTTP that is not one service's business. Never holds a business rule.
"""

from shared.web.app import ServiceApp, create_app, dispatcher
from shared.web.bodies import read_body, read_json_body
from shared.web.faults import pointer, validation_errors
from shared.web.form_encoding import Form, UploadedFile, read_form
from shared.web.negotiation import negotiated, wants_page
from shared.web.openapi import Contact
from shared.web.pages import FlashMessage, NavLink, Pages, Site, Theme, set_private_cookie
from shared.web.probes import Readiness, probes
from shared.web.problems import ProblemError, problem, problem_responses

__all__ = [
    "Contact",
    "FlashMessage",
    "Form",
    "NavLink",
    "Pages",
    "ProblemError",
    "Readiness",
    "ServiceApp",
    "Site",
    "Theme",
    "UploadedFile",
    "create_app",
    "dispatcher",
    "negotiated",
    "pointer",
    "probes",
    "problem",
    "problem_responses",
    "read_body",
    "read_form",
    "read_json_body",
    "set_private_cookie",
    "validation_errors",
    "wants_page",
]
