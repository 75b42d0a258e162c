"""What keeps a body from being read that is the sender's doing, and must be no error of the server.

aiohttp unpacks a body when its header says gzip, and raises in the middle of reading one that is not. Nobody who may send
us anything has reason to pack it: what says that it is packed is refused unread.
"""

from aiohttp import web

BROKEN_OFF = (web.RequestPayloadError, ConnectionError)
"""The body is not what its headers say, or the sender hung up."""


def is_encoded(request: web.Request) -> bool:
    return request.headers.get("Content-Encoding", "identity").strip().lower() != "identity"
