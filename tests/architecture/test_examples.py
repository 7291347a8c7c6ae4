# SPDX-License-Identifier: EUPL-1.2
"""The examples in docstrings are run, so that they stay true."""

import doctest
import importlib
import re

import pytest

from tests.architecture.conftest import ROOT
from tests.architecture.source import House

WITH_EXAMPLES = sorted(file.module for file in House(ROOT).everything if re.search(r"^ *>>> ", file.text, re.MULTILINE))


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_given_a_module_with_examples_when_they_are_run_then_they_hold(module: str) -> None:
    outcome = doctest.testmod(importlib.import_module(module))

    assert outcome.attempted > 0
    assert outcome.failed == 0
