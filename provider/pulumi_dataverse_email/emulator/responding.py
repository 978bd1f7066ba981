"""Answers of the Web API on their way to HTTP."""

from uuid import uuid4

from starlette.responses import Response

from .messages import Reply


def response(reply: Reply) -> Response:
    """Return an answer with the headers that every one carries."""
    content, media_type = reply.content
    answer = Response(content, reply.status, media_type=media_type)
    if media_type == "text/plain":
        answer.headers["content-type"] = "text/plain"
    answer.headers["OData-Version"] = "4.0"
    request_id = str(uuid4())
    for name, value in [
        *reply.headers,
        ("x-ms-service-request-id", str(uuid4())),
        ("x-ms-service-request-id", request_id),
        ("REQ_ID", request_id),
    ]:
        answer.headers.append(name, value)
    return answer
