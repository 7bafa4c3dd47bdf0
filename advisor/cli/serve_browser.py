"""The web server of the interview: loopback, with a key, and no interview outlives it."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server

PAGE = Path(__file__).parent / "serve_page"
KEY = "key"
COOKIE = "advisor_key"
DRAIN_S = 0.2
"""For the event loop to see that the ended programs are gone."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class InterviewServer(Server):
    """Serves one program for each tab to those who hold `key`."""

    def __init__(self, command: str, port: int, key: str) -> None:
        super().__init__(
            command,
            host="127.0.0.1",
            port=port,
            title="ML architecture advisor",
            templates_path=PAGE,
        )
        self._key = key
        self._tabs: set[asyncio.Task[object]] = set()

    @property
    def address(self) -> str:
        """Return the address to open, the key in it."""
        return f"{self.public_url}/?{KEY}={self._key}"

    def initialize_logging(self) -> None:
        """Say errors alone."""
        logging.basicConfig(level="ERROR", format="%(message)s")

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse whoever has no key, and pages of other sites that use the browser's cookie.

        A foreign host name means that a name was pointed at this machine to get around the
        browser's rule of one origin.
        """
        own = self.public_url.removeprefix("http://")
        foreign = request.headers.get("Origin", self.public_url) != self.public_url
        if request.host != own or foreign:
            return web.Response(status=403, text="Only pages of this server may ask.")
        given = request.query.get(KEY) or request.cookies.get(COOKIE, "")
        if not hmac.compare_digest(given.encode(), self._key.encode()):
            return web.Response(status=403, text="Open the address that 'advisor serve' printed.")
        response = await handler(request)
        if KEY in request.query and not response.prepared:
            response.set_cookie(COOKIE, self._key, httponly=True, samesite="Strict")
        return response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one tab, and remember it for the end."""
        tab = asyncio.current_task()
        if tab is None:
            raise RuntimeError("a tab is served in a task")
        self._tabs.add(tab)
        try:
            return await super().handle_websocket(request)
        finally:
            self._tabs.discard(tab)

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002  (aiohttp passes it)
        """End the interview of each tab; its answers are saved."""
        for tab in self._tabs:
            tab.cancel()
        await asyncio.gather(*self._tabs, return_exceptions=True)
        await asyncio.sleep(DRAIN_S)

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the address was said before."""
