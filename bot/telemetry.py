"""What the process says about itself: events with fields, as lines for people or as JSON for machines.

Secrets never come out: a field is masked by its name, at any depth, and every text is searched for the settings' own secrets
and for what looks like one, so that a library's message or a traceback does not give one away either. Libraries log through the standard module; they end in the same lines.
"""

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

import structlog
import structlog.tracebacks
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.config import Config

MASK = "•••"
_SECRET_NAME = re.compile(
    r"token|secret|password|authorization|cookie|signature|api_?key|secret_?key|jwt|e?mail|^code$|^body$|^content$",
    re.IGNORECASE,
)
_SECRET_SHAPE = re.compile(
    r"""
      (?:whsec_|Bearer\s+)[A-Za-z0-9+/_.~=-]{8,}             # webhook secrets, Authorization headers
    | Bot\s+(?:[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_.-]+|[A-Za-z0-9_-]{24,})   # … of a bot: longer than any word after its name
    | eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*     # JSON Web Tokens
    | [A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}  # Discord's bot tokens
    | (?<=[?&])(?:token|code|state|access_token|refresh_token)=[^&\s"']+  # in addresses
    | (?<=://)[^/\s:@]+:[^/\s@]+(?=@)                        # user:password in addresses
    """,
    re.VERBOSE,
)
_QUIET = {
    "aiohttp.access": logging.WARNING,
    "aiosqlite": logging.WARNING,
    "apscheduler": logging.ERROR,  # it warns of each call skipped because the one before still runs
    "asyncio": logging.WARNING,
    "nextcord": logging.WARNING,
    "tortoise": logging.WARNING,
}
"""Libraries that narrate; their warnings still come through. nextcord logs whole payloads below that."""
_NOT_HTTP = (HttpProcessingError, web.RequestPayloadError)
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure_logging(config: Config) -> None:
    """Send every log line to stderr in the format that the settings ask for."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    ending: list[Processor] = (
        [_TRACEBACKS, Mask(config), structlog.processors.JSONRenderer()]
        if config.log_format == "json"
        else [
            structlog.processors.format_exc_info,
            Mask(config),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.captureWarnings(capture=True)
    for name, level in _QUIET.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger("aiohttp.server").addFilter(_without_tracebacks_of_strangers)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _without_tracebacks_of_strangers(record: logging.LogRecord) -> bool:
    """Whoever sends what is no HTTP, such as an endless header, gets one line; aiohttp logs an error and its parser's traceback."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, _NOT_HTTP):
        record.msg, record.args, record.exc_info = "not_http", (), None
        record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
        record.__dict__["why"] = type(error).__name__
    return True


class Mask:
    """A processor: what is secret by its field's name, by the settings, or by its look is masked."""

    def __init__(self, config: Config) -> None:
        self._known = tuple(_secrets(config))

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {name: self._masked(name, value) for name, value in event.items()}

    def _masked(self, name: str, value: Any) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if _SECRET_NAME.search(name):
            return MASK
        match value:
            case Mapping():
                return {key: self._masked(str(key), inner) for key, inner in value.items()}
            case list() | tuple() | set() | frozenset():
                return [self._masked("", inner) for inner in value]
            case _:
                return self._text(str(value))

    def _text(self, value: str) -> str:
        for secret in self._known:
            value = value.replace(secret, MASK)
        return _SECRET_SHAPE.sub(MASK, value)


def _secrets(config: Config) -> Iterator[str]:
    for item in fields(config):
        value = getattr(config, item.name)
        if not item.metadata["secret"] or value is None or item.name == "database_url":
            continue  # of the database's address only the password is secret: it is known by its look
        yield from value if isinstance(value, tuple) else (value,)
