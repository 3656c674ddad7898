"""What the document says of looks ahead and of CSV: examples and headers."""

from collections.abc import Mapping
from typing import Any

_LENGTH = {"ready": 120, "delayed": 30, "in_flight": 100}
_ZONES = [
    {
        "timezone": "Europe/Moscow",
        "recipients": 1000,
        "local_start": "2030-11-21T12:00:00.000+03:00",
        "first_opening": "2030-11-21T09:00:00.000Z",
    },
    {
        "timezone": "Asia/Vladivostok",
        "recipients": 200,
        "local_start": "2030-11-21T19:00:00.000+10:00",
        "first_opening": None,
    },
]

PAGE_EXAMPLES: Mapping[str, Any] = {
    "PreviewDraft": {
        "filter": {"operator_codes": ["900"], "tags": ["vip"]},
        "text": "Tomorrow from ten: coffee is on us.",
        "starts_at": "2030-11-21T09:00:00.000Z",
        "ends_at": "2030-11-21T18:00:00.000Z",
        "time_window": {"start": "09:00", "end": "18:00"},
    },
    "MailingPreview": {
        "recipients": 1200,
        "exact": True,
        "sms_parts": 1,
        "encoding": "gsm7",
        "units": 35,
        "by_timezone": {"Europe/Moscow": 1000, "Asia/Vladivostok": 200},
        "zones": _ZONES,
    },
    "ZoneOutlook": _ZONES[0],
    "Suggestions": {
        "tags": [{"value": "regular", "clients": 1000}, {"value": "vip", "clients": 200}],
        "operator_codes": [{"value": "900", "clients": 1200}],
        "exact": True,
    },
    "OpeningPage": {"items": [{"opens_at": "2030-11-22T06:00:00.000Z"}], "next_cursor": None},
    "Queues": {
        "messages": _LENGTH,
        "fanout": {"ready": 0, "delayed": 2, "in_flight": 1},
        "imports": {"ready": 0, "delayed": 0, "in_flight": 1},
        "dead_letters": {"messages": 0, "fanout": 0, "imports": 0, "undeliverable": 0},
    },
}
"""One for each schema, by its name."""

CSV_EXAMPLES: Mapping[str, str] = {
    "exportClients": "phone,operator_code,tags,timezone\r\n"
    "79000000001,900,regular;vip,Europe/Moscow\r\n",
    "exportMessagesOfMailing": "message_id,phone,client_id,status,attempts,created_at,sent_at,"
    "not_before,last_error,reason,gateway_id\r\n"
    "k3mzr5w7qyh2ab4c-q7dn2mzk5ra3wv6x,79000000001,q7dn2mzk5ra3wv6x,sent,1,"
    "2030-11-21T09:00:01.000Z,2030-11-21T09:00:02.000Z,2030-11-21T09:00:01.000Z,,,"
    "5233100606242806051\r\n",
    "listRejectedRows": "phone,operator_code,tags,timezone,line,error\r\n"
    "8900,,regular,Europe/Moscow,17,phone: 7 and ten digits\r\n",
}
"""Examples of answers in CSV, by their operation's id."""

TEXT_EXAMPLES: Mapping[str, tuple[str, str]] = {
    **{operation_id: ("text/csv", example) for operation_id, example in CSV_EXAMPLES.items()},
    "getMetrics": (
        "text/plain",
        "# HELP carillon_messages Messages of all mailings ever, by their status now.\n"
        "# TYPE carillon_messages gauge\n"
        'carillon_messages{status="pending"} 10\n'
        'carillon_messages{status="sent"} 980\n',
    ),
}
"""Media type and example of answers that are no JSON, by their operation's id."""

CSV_HEADERS: Mapping[str, dict[str, Any]] = {
    "Link": {
        "description": 'where the table goes on, as `rel="next"`; absent at its end',
        "schema": {
            "type": "string",
            "examples": ['</api/v1/clients/export?cursor=2sKp0c>; rel="next"'],
        },
    },
    "Content-Disposition": {
        "description": "under which name to save it",
        "schema": {"type": "string", "examples": ['attachment; filename="clients.csv"']},
    },
}
"""Of answers in CSV, by name."""
