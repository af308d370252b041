"""Reading a call's parameters out of an HTTP request, in any form Telegram takes."""

import json
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.simulator.errors import bad_request
from bot.simulator.params import Params, Upload


async def read_params(request: Request) -> Params:
    """Query string, JSON, form or multipart, the body winning over the query."""
    values: dict[str, Any] = dict(request.query_params)
    header = _header(request.headers.get("content-type", ""))
    body = await request.body()
    match header.get_content_type():
        case "application/json":
            return Params(values | _json(body))
        case "multipart/form-data":
            fields, uploads = _multipart(body, str(header.get_param("boundary")))
            return Params(values | fields, uploads)
        case _:
            return Params(values | dict(parse_qsl(body.decode(), keep_blank_values=True)))


def _header(text: str) -> Message:
    header = Message()
    header["content-type"] = text or "application/x-www-form-urlencoded"
    return header


def _json(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    return values if isinstance(values, dict) else {}


def _multipart(body: bytes, boundary: str) -> tuple[dict[str, str], dict[str, Upload]]:
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        header = _part_header(head.decode())
        name = str(header.get_param("name", header="content-disposition"))
        if header.get_filename() is None:
            fields[name] = data.decode()
        else:
            kind = header.get_content_type() if "content-type" in header else ""
            uploads[name] = Upload(str(header.get_filename()), kind, data)
    return fields, uploads


def _part_header(text: str) -> Message:
    header = Message()
    for line in text.splitlines():
        name, _, value = line.partition(":")
        header[name.strip()] = value.strip()
    return header
