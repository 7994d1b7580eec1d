"""Logs as JSON lines in UTC, without anything a person typed (rule R42): no form contents, no query strings, and of an
exception its type and place but not its message, which may quote the data that caused it."""

import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


def place_of_exception(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Replaces `exc_info` by the exception's type and the lines it passed through."""
    given = event.pop("exc_info", None)
    if not given:
        return event
    error = (
        given
        if isinstance(given, BaseException)
        else (given[1] if isinstance(given, tuple) else sys.exc_info()[1])
    )
    if error is not None:
        event["exception"] = f"{type(error).__module__}.{type(error).__qualname__}"
        frames = traceback.extract_tb(error.__traceback__)
        event["passed"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return event


def without_words(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Django hands over the request, whose repr has the query string; Celery tells of a failed task with its arguments,
    the exception's message and the whole traceback as text."""
    if not isinstance(event.get("request", ""), str):
        event["request"] = f"{event['request'].method} {event['request'].path}"
    context = event.pop("data", None)
    if event.get("logger") == "celery.app.trace" and isinstance(context, dict):
        event["event"] = f"task {context.get('name')} {context.get('description', 'told of itself')}"
        event["task_id"] = context.get("id")
    return event


STAMPS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    without_words,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    place_of_exception,
]

structlog.configure(
    # Lines below the level are dropped before anything is worked out for them.
    processors=[
        structlog.stdlib.filter_by_level,
        *STAMPS,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)


def logging_config(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything through one handler to standard error, which the supervisor or systemd keeps."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": STAMPS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False, default=repr),
                ],
            },
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": level, "propagate": False},
            # RequestLogMiddleware says the same once, without the exception's message.
            "django.request": {"handlers": ["nowhere"], "propagate": False},
            "django.db.backends": {"level": "INFO"},
            # The sweeper runs every ten seconds; what a job does, it tells itself.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            # A failed or locked login it tells as a warning; of the others the request's own line is enough.
            "axes": {"level": "WARNING"},
            # These tell of their own start, of every font table and every CSS property.
            "pikepdf": {"level": "WARNING"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }
