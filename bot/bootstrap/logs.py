"""Logs: one JSON object a line for machines, coloured lines for people; ids and actions, never message text."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_logs(*, level: str = "INFO") -> None:
    """Send structlog and the libraries' own logs to standard error. Libraries may only warn: their lines can quote payloads."""
    least = logging.getLevelNamesMapping()[level]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.CRITICAL, handlers=[_KindOnly(max(least, logging.WARNING))], force=True)
    logging.getLogger().setLevel(logging.WARNING)


class _KindOnly(logging.Handler):
    """Passes on where a library complained and of what kind, but not its words."""

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        log = structlog.get_logger(record.name)
        log.warning("a library complains", action="library_warning", where=f"{record.name}:{record.lineno}", error=kind)
