"""The server: files of the output folder as a host sends them, and beside them what live pages need.

What it adds to a file is a script in the head of pages, while they are sent. It speaks to the machine it runs on and to
nobody else, unless asked to; and since any site that is open in a browser may send requests to this machine too, and
may have a name that leads here, only requests for names and addresses that are this machine's are answered.
"""

import ipaddress
import socket
import threading
from collections.abc import AsyncIterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Self

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from grimoire.export.hosting import CONTENT_SECURITY_POLICY
from grimoire.serve.headers import FILE, HeaderFile
from grimoire.serve.news import News
from grimoire.write import MANIFEST

HERE = Path(__file__).parent
OURS = "/_grimoire/"
"""Where the server's own files stand; no page of a site has an address there."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""What must not depend on the machine, whose own table may say otherwise."""
_ALWAYS = {
    # A page is asked for anew each time, and an unchanged one costs an empty answer.
    "cache-control": "no-cache",
    # No other site may put what is written here into its pages.
    "cross-origin-resource-policy": "same-origin",
}
_NOTHING_YET = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Nothing here yet</title></head>
<body><main><h1>Nothing here yet</h1>
<p>This page comes by itself when there is one. <a href="/">The index</a></p></main></body></html>
"""


def _names(host: str) -> set[str]:
    """The names of this machine for who is listened to: only itself, or a network as well."""
    if host in LOOPBACK:
        return {*LOOPBACK}
    own = socket.gethostname()
    return {*LOOPBACK, host, own, f"{own}.local"}


class Host:
    """A server in a thread of its own, while a ``with`` statement lasts."""

    def __init__(self, out: Path, news: News, host: str, listening: socket.socket) -> None:
        """Prepare to serve the folder `out` to who asks the socket `listening`, for `host` or this machine."""
        self._news, self._listening = news, listening
        config = uvicorn.Config(
            application(out, news, _names(host)),
            http="h11", ws="none", loop="asyncio", lifespan="off", log_config=None, access_log=False,
            server_header=False, timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=partial(self._server.run, [listening]), name="grimoire-serve", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._news.end()
        self._server.should_exit = True
        self._thread.join(5)
        self._listening.close()


def application(out: Path, news: News, names: set[str]) -> Starlette:
    """Make what answers requests.

    Args:
        out: the folder of the site; it need not be there yet.
        news: what pages are told.
        names: the names by which requests may ask for this machine; addresses in numbers may always.
    """
    return Starlette(
        routes=[
            Route(f"{OURS}news", partial(_news, news=news)),
            Route(f"{OURS}{{name}}", _own_file),
            Route("/sw.js", _no_worker),
            Mount("/", Pages(out, news)),
        ],
        middleware=[Middleware(OnlyForThisMachine, names=names)],
    )


class OnlyForThisMachine:
    """Refuses requests for other names: a site elsewhere may let its name lead here, to read what is served.

    An address in numbers cannot be made to lead elsewhere, so no site can hide behind one.
    """

    def __init__(self, app: ASGIApp, names: set[str]) -> None:
        """Stand in front of `app`."""
        self._app = app
        self._names = {name.lower() for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if self._knows(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
        else:
            refusal = PlainTextResponse("This server answers for the machine it runs on alone.\n", 403)
            await refusal(scope, receive, send)

    def _knows(self, host: str) -> bool:
        name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
        name = name.lower().removesuffix(".")
        if name in self._names or name.endswith(".localhost"):
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


class Pages(StaticFiles):
    """The files of the site, with the headers a host would send and our script in the head of pages."""

    def __init__(self, out: Path, news: News) -> None:
        """Serve what is, or will be, in the folder `out`."""
        super().__init__(directory=out, html=True, check_dir=False)
        self.config_checked = True  # the folder may come later
        self._out = out
        self._headers = HeaderFile(out)
        self._news = news

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a path below the site's root."""
        # Read before the page: who is told of a build too late looks at a page again, and finds it the same.
        report = self._news.report
        version = f"{report.session}-{report.build}"
        hidden = any(part.startswith(".") for part in Path(path).parts if part != ".") or path == FILE
        # A folder that holds no site of ours may hold anything.
        is_ours = (self._out / MANIFEST).is_file()
        try:
            # There is no file below a file, nor one of no name: then the answer is that there is none.
            response = await super().get_response(
                f"404.html/{path}" if hidden else path if is_ours else "\0", scope
            )
        except HTTPException as error:
            if error.status_code != 404:
                return PlainTextResponse(
                    error.detail, error.status_code, headers={**_ALWAYS, **(error.headers or {})}
                )
            response = _nothing_yet(version)
        if isinstance(response, FileResponse):
            response = _as_sent(response, version)
        headers = self._headers.headers(scope["path"])
        response.headers.update({**headers, **_ALWAYS})
        return response


def _as_sent(response: FileResponse, version: str) -> Response:
    """Give a file its type; a page is sent with our script."""
    file = Path(response.path)
    kind = _TYPES.get(file.suffix.lower())
    if kind:
        response.headers["content-type"] = kind
    if file.suffix != ".html":
        return response
    try:
        content = file.read_bytes()
    except OSError:  # a build has just taken it away
        return _nothing_yet(version)
    page = HTMLResponse(_with_script(content, version, response.status_code), response.status_code)
    page.headers["etag"] = response.headers["etag"]
    return page


def _nothing_yet(version: str) -> Response:
    """The page for what is not there; it keeps to our policy where no site has said what its own is."""
    content = _with_script(_NOTHING_YET.encode(), version, 404)
    return HTMLResponse(content, 404, headers={"content-security-policy": CONTENT_SECURITY_POLICY})


def _with_script(content: bytes, version: str, status: int) -> bytes:
    """Put our script first in the head of a page; cards and other pieces have none."""
    script = f'<script src="{OURS}live.js" type="module" data-at="{escape(version)}" data-status="{status}"></script>'
    head, tag, rest = content.partition(b"<head>")
    return head + tag + script.encode() + rest if tag else content


async def _news(request: Request, news: News) -> Response:  # noqa: ARG001  starlette hands it over
    async def lines() -> AsyncIterator[bytes]:
        yield b"retry: 500\n\n"
        async for report in news.stream():
            yield b"data: " + msgspec.json.encode(report) + b"\n\n"

    return StreamingResponse(lines(), media_type="text/event-stream", headers=_ALWAYS)


async def _own_file(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in {"live.js", "difference.js", "live.css"}:
        return PlainTextResponse("Not Found\n", 404, headers=_ALWAYS)
    file = HERE / name
    return FileResponse(file, headers={**_ALWAYS, "content-type": _TYPES[file.suffix]})


async def _no_worker(request: Request) -> Response:  # noqa: ARG001  starlette hands it over
    """Send a worker that leaves: one that keeps pages would stand between an author and what was just written.

    It also takes the place of workers that another site has left at this address.
    """
    script = (
        "addEventListener('install', () => skipWaiting())\n"
        "addEventListener('activate', event => event.waitUntil(registration.unregister()))\n"
    )
    return Response(script, headers={**_ALWAYS, "content-type": _TYPES[".js"]})
