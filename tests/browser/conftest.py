# SPDX-License-Identifier: EUPL-1.2
"""A headless Chromium, and an application served to it on loopback."""

import contextlib
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from selenium import webdriver

from tests.real import NotHereError
from tests.real.fixtures import give_up

Serve = Callable[[Any], str]


@pytest.fixture
def chromium(tmp_path: Path) -> Iterator[webdriver.Chrome]:
    """A fresh browser that asks nothing of anyone but the page's own server."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        give_up(NotHereError("Chromium and chromedriver are not installed"))
    options = webdriver.ChromeOptions()
    options.binary_location = str(binary)
    for flag in ("headless=new", "no-sandbox", "disable-gpu", "disable-background-networking", "disable-dev-shm-usage"):
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={tmp_path / 'browser'}")
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(str(driver)))
    opened.set_page_load_timeout(60)
    try:
        yield opened
    finally:
        opened.quit()


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    """The address at which an application answers, in a thread of its own."""
    door = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, lifespan="off", loop="asyncio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        door.close()
