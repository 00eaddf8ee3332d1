"""Assertions of the harness are shown with both sides; a package whose functions a spec may call."""

import sys

import pytest
from installed_package import install

pytest.register_assert_rewrite("harness")


@pytest.fixture
def trial_rules(tmp_path, monkeypatch):
    """The package trial_rules, installed for the test."""
    install(tmp_path / "site", monkeypatch)
    yield
    for name in [name for name in sys.modules if name.split(".")[0] in ("trial_rules", "local_rules")]:
        del sys.modules[name]
