"""A chat server: Rasa's agent behind our channels, `python -m bot.channels.server`.

`rasa run` does the same, but also loads what trains and tests models.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from rasa.core.agent import load_agent
from rasa.core.channels.channel import InputChannel, register
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path
from rasa.utils.common import configure_logging_and_warnings, update_sanic_log_level
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.settings import ROOT

ROUTE = "/webhooks/"
"""Where Rasa's channels are found."""

WAITING_CONNECTIONS = 200
"""Connections that wait to be taken; Sanic's own 100 are few when many write at once."""


def channels(credentials: Path) -> list[InputChannel]:
    """The ways in that a credentials file names. Raises ImportError or AttributeError for one that is not there."""
    named: dict[str, Any] = yaml.safe_load(credentials.read_text(encoding="utf-8"))
    return [class_from_module_path(name).from_credentials(given) for name, given in named.items()]


def application(model: Path, endpoints: Path, credentials: Path) -> Sanic:
    """The server, which loads its model before it takes connections."""
    app = Sanic("clonus_chat", configure_logging=False)
    register(channels(credentials), app, route=ROUTE)

    @app.route("/", methods=["GET"])
    async def start(request: Request) -> HTTPResponse:
        return response.redirect("/chat/")  # the address that people type

    @app.route("/status", methods=["GET"])
    async def status(request: Request) -> HTTPResponse:
        # without a model the guard still answers, and still finds danger: such a server must not be taken away
        return response.json({"model": request.app.ctx.agent.model_name})

    async def load(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        read = AvailableEndpoints.read_endpoints(str(endpoints))
        app.ctx.agent = await load_agent(model_path=str(model), endpoints=read, loop=loop)
        # what is loaded by now stays: it need not be looked through again and again for what could be thrown away
        gc.freeze()
        gc.enable()

    async def let_go(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        broker = app.ctx.agent.tracker_store.event_broker
        if broker is not None:
            await broker.close()

    app.register_listener(load, "before_server_start")
    app.register_listener(let_go, "after_server_stop")
    return app


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.channels.server", description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="a trained model, or a folder whose newest is taken")
    parser.add_argument("--endpoints", type=Path, default=ROOT / "endpoints.yml")
    parser.add_argument("--credentials", type=Path, default=ROOT / "credentials.yml")
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=5005)
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> None:
    """Serve until the process is asked to end."""
    here = _arguments(given)
    gc.disable()
    configure_logging_and_warnings()
    configure_structlog()
    app = application(here.model, here.endpoints, here.credentials)
    update_sanic_log_level()
    app.run(host=here.interface, port=here.port, backlog=WAITING_CONNECTIONS, access_log=False)


if __name__ == "__main__":
    main()
