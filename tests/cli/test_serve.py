"""The interview in a browser: who may open it, and that nothing outlives the server."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from advisor.cli.serve_browser import COOKIE, InterviewServer
from tests.tui.terminal import ROOT

PATIENCE_S = 90.0


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        port: int = tried.getsockname()[1]
        return port


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    port = free_port()
    server = TestServer(await InterviewServer("exec false", port, "sesame")._make_app(), port=port)
    async with TestClient(server) as found:
        yield found


async def test_only_the_holder_of_the_key_gets_the_page(client: TestClient) -> None:  # type: ignore[type-arg]
    assert (await client.get("/")).status == 403
    assert (await client.get("/?key=guess")).status == 403
    assert (await client.get("/static/js/textual.js")).status == 403
    page = await client.get("/?key=sesame")
    assert page.status == 200
    assert page.cookies[COOKIE]["samesite"] == "Strict"
    assert (await client.get("/static/js/textual.js")).status == 200
    assert "//fonts." not in await page.text()


@pytest.mark.parametrize("header", [{"Host": "evil.example:80"}, {"Origin": "http://evil.example"}])
async def test_other_sites_are_refused(client: TestClient, header: dict[str, str]) -> None:  # type: ignore[type-arg]
    assert (await client.get("/ws?key=sesame", headers=header)).status == 403


@pytest.mark.skipif(shutil.which("ps") is None, reason="ps shows which processes run")
async def test_an_interview_ends_with_the_server(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "advisor", "serve", "--port", str(port)]
    server = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=subprocess.PIPE, env=environment(tmp_path)
    )
    assert server.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        line = (await server.stdout.readline()).decode()
        address = line.split()[1].replace("/?", "/ws?")
        async with aiohttp.ClientSession() as session, await opened(session, address) as tab:
            await tab.receive_bytes()
            inner = child_of(server.pid)
            server.send_signal(signal.SIGTERM)
            assert await server.wait() == 0
            while alive(inner):
                await asyncio.sleep(0.05)


async def opened(session: aiohttp.ClientSession, address: str) -> aiohttp.ClientWebSocketResponse:
    """Return a tab once the server listens."""
    while True:
        try:
            return await session.ws_connect(address)
        except aiohttp.ClientConnectorError:
            await asyncio.sleep(0.05)


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "ADVISOR_SESSIONS": str(folder), "TEXTUAL_ANIMATIONS": "none"}


def child_of(pid: int) -> int:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=True
    ).stdout.split()
    return int(listed[0])


def alive(pid: int) -> bool:
    return subprocess.run(["ps", "-p", str(pid)], capture_output=True, check=False).returncode == 0
