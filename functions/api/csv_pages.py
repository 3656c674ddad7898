"""Answers in CSV: part of a table, and in a header where it goes on."""

from aws_lambda_powertools.event_handler import Response

from functions.api.headers import NO_STORE

CSV = "text/csv; charset=utf-8"


def csv_page(text: str, *, next_link: str | None, file_name: str | None = None) -> Response[str]:
    """200 with lines; `next_link` is the relative address of those that follow (RFC 8288).

    A browser that is sent here saves it under the file's name.
    """
    headers = dict(NO_STORE)
    if next_link is not None:
        headers["Link"] = f'<{next_link}>; rel="next"'
    if file_name is not None:
        headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return Response(200, CSV, text, headers)
