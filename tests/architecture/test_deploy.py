# SPDX-License-Identifier: EUPL-1.2
"""What `deploy/` and the root say must be true of the program: settings, metrics, alerts, keys, locks."""

import datetime as dt
import importlib
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from shared.keys import create
from shared.metrics import Metrics
from tests.architecture.conftest import ROOT

DEPLOY = ROOT / "deploy"
SERVICES = {"intake", "anonymizer", "stats", "notifier"}


def settings_of_the_program() -> set[str]:
    """The environment variables that the program's settings classes read."""
    found: set[str] = set()
    for path in [ROOT / "shared" / "settings.py", *(ROOT / "services").glob("*/settings.py")]:
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, BaseSettings) and kind.__module__ == module.__name__:
                prefix = kind.model_config.get("env_prefix", "")
                found.update(f"{prefix}{name}".upper() for name in kind.model_fields)
    return found


def settings_in_the_example() -> set[str]:
    program_part = (DEPLOY / "example.env").read_text(encoding="utf-8").split("# --- for deploy/compose.yaml only")[0]
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", program_part, re.MULTILINE))


def test_given_the_example_of_settings_when_compared_then_it_lists_every_setting_and_no_other() -> None:
    assert settings_in_the_example() == settings_of_the_program()


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def test_given_the_alerts_when_their_metrics_are_looked_up_then_the_program_exports_each() -> None:
    families = Metrics().registry.collect()
    exported = {f.name + suffix for f in families for suffix in ("", "_total", "_bucket", "_sum", "_count")}

    asked = {name for rule in alerts() for name in re.findall(r"\bseinhuis_\w+", rule["expr"])}

    assert asked
    assert asked <= exported


def test_given_the_alerts_when_someone_is_called_then_the_documentation_says_what_to_do() -> None:
    told = set(re.findall(r"^\| (Seinhuis\w+) \|", (ROOT / "docs" / "running.md").read_text("utf-8"), re.MULTILINE))

    assert {rule["alert"] for rule in alerts()} == told


def test_given_the_compose_file_when_read_then_no_service_gets_what_belongs_to_another() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))

    for service in SERVICES:
        part = compose["services"][service]
        urls = {name for name in part["environment"] if name.endswith("_DATABASE_URL")}
        assert part["command"][:2] == ["run", service]
        assert urls == {f"{service.upper()}_DATABASE_URL"}
        assert part["volumes"] == [f"./keys/{service}:/keys:ro"]
        assert part["read_only"] is True
        assert "ports" not in part


def test_given_the_gateway_when_read_then_every_service_is_reached_and_probes_are_not() -> None:
    text = (DEPLOY / "gateway" / "nginx.conf").read_text(encoding="utf-8")

    routed = dict(re.findall(r"location ~ \^/\(([^)]+)\)\(/\|\$\) \{ proxy_pass http://(\w+); \}", text))
    assert {service for prefixes, service in routed.items() if service in prefixes.split("|")} == SERVICES
    for hidden in ("/livez", "/readyz", "/metrics"):
        assert f"location = {hidden} {{ return 404; }}" in text


@pytest.fixture
def all_keys(tmp_path: Path) -> Path:
    folder = tmp_path / "all"
    create(folder, at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)).rotate_sealing(at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC))
    return folder


def share(all_keys: Path) -> Path:
    out = all_keys.parent / "shared"
    subprocess.run(["sh", str(DEPLOY / "share-keys.sh"), str(all_keys), str(out)], check=True, timeout=60)
    return out


def held(folder: Path, pattern: str) -> set[str]:
    return {path.name for path in folder.rglob(pattern)}


def test_given_all_keys_when_shared_then_only_the_anonymizer_can_open_and_nobody_signs_staff_in(all_keys: Path) -> None:
    out = share(all_keys)

    openers = {path.parts[len(out.parts)] for path in out.rglob("*.private")}
    assert openers == {"anonymizer"}
    assert len(held(out / "intake" / "sealing", "*.public")) == 2
    assert not held(out, "staff.ed25519")
    assert {service: held(out / service, "*.secret") for service in SERVICES} == {s: {f"{s}.secret"} for s in SERVICES}


def test_given_a_destroyed_epoch_when_shared_again_then_its_private_key_is_gone_everywhere(all_keys: Path) -> None:
    share(all_keys)
    store = create(all_keys, at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    store.destroy_sealing(store.epochs()[0])

    out = share(all_keys)

    assert held(out, "*.private") == {f"{store.epochs()[1]}.private"}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_given_a_lock_when_read_then_each_line_is_pinned_and_hashed_and_no_address_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    blocks = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]
    assert len(blocks) > 50
    assert [block.splitlines()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "--find-links" not in text


def test_given_the_project_when_its_needs_are_compared_with_the_locks_then_every_one_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    for lock, needs in (
        ("requirements.lock", [*project["dependencies"], *extras["install"]]),
        ("requirements-dev.lock", [*project["dependencies"], *extras["install"], *extras["dev"]]),
    ):
        locked = set(
            re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9, -]+\])?==", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE)
        )
        named = {re.split(r"[\[<>=;~! ]", need)[0].lower().replace("_", "-") for need in needs}
        assert named - locked == set()
