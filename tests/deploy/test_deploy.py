"""The files of deploy/ are sound and speak of what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from bot.engine.servers import DEPLOYED_PORTS, nginx, upstreams
from bot.settings import ROOT, Settings

DEPLOY = ROOT / "deploy"


def compose() -> dict[str, Any]:
    """The services of the compose file, by name."""
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]
    return services


def test_compose_takes_the_file(tmp_path: Path) -> None:
    """Checked by compose itself, with the example's values filled in."""
    folder = tmp_path / "deploy"
    shutil.copytree(DEPLOY, folder)
    shutil.copy(folder / "clonus.env.example", folder / "clonus.env")
    command = ["docker-compose", "-f", str(folder / "compose.yml"), "config", "--quiet"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stderr) == (0, "")


def test_every_variable_of_the_example_is_a_setting() -> None:
    names = re.findall(r"^CLONUS_(\w+)=", (DEPLOY / "clonus.env.example").read_text(), flags=re.MULTILINE)

    assert "CONVERSATIONS_DATABASE" in names
    assert {name.lower() for name in names} - set(Settings.__fields__) == set()


def test_every_variable_of_the_compose_file_is_a_setting() -> None:
    names = {name for service in compose().values() for name in service.get("environment") or {}}
    ours = {name.removeprefix("CLONUS_").lower() for name in names if name.startswith("CLONUS_")}

    assert ours
    assert ours - set(Settings.__fields__) == set()


def test_what_one_server_writes_and_another_reads_is_in_the_database_or_on_the_shared_volume() -> None:
    example = (DEPLOY / "clonus.env.example").read_text()
    for name, kind in Settings.__fields__.items():
        if name.endswith("_database"):
            assert f"CLONUS_{name.upper()}=postgresql://" in example, f"{name}: {kind}"
    for name, service in compose().items():
        if name in ("prepare", "chat", "actions", "staff"):
            assert service["volumes"] == ["shared:/shared"]


def test_nginx_stands_before_the_services_of_the_compose_file() -> None:
    named = re.findall(r"server (\w+):(\d+)", (DEPLOY / "nginx" / "upstreams.conf").read_text())
    listening = {
        name: service["command"][service["command"].index("--port") + 1]
        for name, service in compose().items()
        if "--port" in service.get("command", ())
    }

    assert dict(named) == listening
    endpoint = yaml.safe_load((DEPLOY / "endpoints.yml").read_text())["action_endpoint"]["url"]
    assert endpoint == f"http://nginx:{DEPLOYED_PORTS['actions']}/webhook"
    assert compose()["nginx"]["ports"] == [f"{DEPLOYED_PORTS['chat']}:{DEPLOYED_PORTS['chat']}"]


def test_the_deployed_endpoints_are_those_of_the_project_but_for_the_address_of_the_actions() -> None:
    ours, deployed = (yaml.safe_load((folder / "endpoints.yml").read_text()) for folder in (ROOT, DEPLOY))
    for endpoints in (ours, deployed):
        endpoints["action_endpoint"].pop("url")

    assert deployed == ours


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    servers = upstreams([5001, 5002], [5003])
    front = nginx(tmp_path / "nginx", DEPLOY / "nginx" / "nginx.conf", servers, {"chat": 5004, "actions": 5005})
    checked = subprocess.run([*front.command, "-t"], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stderr
    text = (tmp_path / "nginx" / "nginx.conf").read_text()
    assert re.findall(r"listen (\S+);", text) == ["127.0.0.1:5004", "127.0.0.1:5005"]


def test_local_and_deployed_servers_are_chosen_in_the_same_way() -> None:
    def choices(text: str) -> list[str]:
        return re.findall(r"upstream \w+|hash [^;]+|least_conn|keepalive \d+|max_fails=\S+ fail_timeout=\S+", text)

    assert choices(upstreams([5001], [5002])) == choices((DEPLOY / "nginx" / "upstreams.conf").read_text())
