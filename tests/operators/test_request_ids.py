"""A request's id: in its answer and on every log line it causes, and never the visitor's own."""

from aiohttp import ClientSession, web
from structlog.contextvars import get_contextvars

from bot.readers import Address
from bot.web.server import serve
from bot.web.tracing import HEADER, trace


async def test_an_answer_carries_the_id_that_the_log_lines_have() -> None:
    logged: list[str] = []

    async def page(_: web.Request) -> web.Response:
        logged.append(get_contextvars()["request_id"])
        return web.Response()

    app = web.Application(middlewares=[trace])
    app.add_routes([web.get("/", page)])
    async with serve(app, Address("127.0.0.1", 0)) as port, ClientSession() as http:
        answers = []
        for _ in range(2):
            async with http.get(f"http://127.0.0.1:{port}/", headers={HEADER: "mine"}) as answer:
                answers.append(answer.headers[HEADER])
    assert answers == logged
    assert len({*answers, "mine"}) == 3
