import logging
import traceback
from types import TracebackType

ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Writes what happened and where in the code, without the words of a request or of an exception.

    An exception's own message may quote what a person typed (a unique constraint names the e-mail), and a
    path may hold a link's secret.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Take a record, give its line; one about a request names the page and the status only."""
        # Another handler may have written the exception out in full, and kept that with the record.
        record = logging.makeLogRecord({**record.__dict__, "exc_text": None})
        if hasattr(record, "request"):
            match = getattr(record.request, "resolver_match", None)
            page = match.view_name if match else "no page"
            record.msg, record.args = "status %s on %s", (getattr(record, "status_code", "-"), page)
        elif record.name.startswith("django.security"):
            record.msg, record.args = "refused before any page", ()
        return super().format(record)

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - the standard library's name
        """Take an exception's information, give its type and the lines of code it passed."""
        kind, _, trace = ei
        lines = traceback.format_tb(trace)
        return "".join(lines) + (kind.__qualname__ if kind else "")
