"""The examples in the docstrings of the analysis are true."""

import doctest
import importlib
import pkgutil

import pytest

import tinglan.analysis

MODULES = [
    module.name
    for module in pkgutil.iter_modules(tinglan.analysis.__path__, "tinglan.analysis.")
    if not module.ispkg
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_module_are_true(name: str) -> None:
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    result = doctest.testmod(importlib.import_module(name), optionflags=flags)
    assert result.failed == 0
