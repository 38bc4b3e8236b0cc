"""The gateway's websocket endpoint: reads operations, watches heartbeats."""

import asyncio
import json

from aiohttp import WSMsgType, web

from .gateway import Gateway
from .gateway_session import Connection, GatewayCloseError
from .json_types import Json

MAX_PAYLOAD = 4096
SENDS_PER_MINUTE = 120
IGNORED_OPS = frozenset({3, 4, 31, 43})
HEARTBEAT_GRACE = 1.5
"""How many intervals may pass without a heartbeat before the socket is closed."""


async def serve_gateway(gateway: Gateway, request: web.Request) -> web.StreamResponse:
    """Handle one client from HELLO to the end."""
    if gateway.options.refuse:
        return web.Response(status=503)
    compression = request.query.get("compress")
    socket = web.WebSocketResponse(max_msg_size=0)
    await socket.prepare(request)
    connection = Connection(socket, request, compress=compression == "zlib-stream")
    gateway.connections.add(connection)
    ends_session = False
    try:
        _check_query(request)
        connection.send({"op": 10, "d": {"heartbeat_interval": int(gateway.options.heartbeat_interval * 1000)}})
        await _read(gateway, connection)
        ends_session = socket.close_code in {1000, 1001} and connection.server_code is None
    except GatewayCloseError as closure:
        ends_session = closure.ends_session
        connection.close(closure.code)
        await connection.drained()
    finally:
        gateway.lost(connection, ends_session=ends_session)
        connection.close(1000)
        await connection.drained()
    return socket


def _check_query(request: web.Request) -> None:
    if request.query.get("v") != "10":
        raise GatewayCloseError(4012)
    if request.query.get("encoding", "json") != "json" or request.query.get("compress", "zlib-stream") != "zlib-stream":
        raise GatewayCloseError(4002)


async def _read(gateway: Gateway, connection: Connection) -> None:
    loop = asyncio.get_running_loop()
    while not connection.socket.closed:
        allowed = gateway.options.heartbeat_interval * HEARTBEAT_GRACE
        left = connection.last_heartbeat + allowed - loop.time()
        try:
            message = await connection.socket.receive(timeout=max(left, 0.001))
        except TimeoutError:
            raise GatewayCloseError(4000) from None
        if message.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
            return
        _count_send(connection, loop.time())
        _handle(gateway, connection, _decode(message.data), loop.time())


def _count_send(connection: Connection, now: float) -> None:
    full = len(connection.sent_times) == SENDS_PER_MINUTE
    if full and now - connection.sent_times[0] < 60:
        raise GatewayCloseError(4008)
    connection.sent_times.append(now)


def _decode(data: str | bytes) -> Json:
    if len(data) > MAX_PAYLOAD:
        raise GatewayCloseError(4002)
    try:
        payload = json.loads(data)
    except ValueError:
        raise GatewayCloseError(4002) from None
    if not isinstance(payload, dict):
        raise GatewayCloseError(4002)
    return payload


def _handle(gateway: Gateway, connection: Connection, payload: Json, now: float) -> None:
    op, data = payload.get("op"), payload.get("d")
    if op == 1:
        connection.last_heartbeat = now
        if gateway.options.acknowledge:
            connection.send({"op": 11})
    elif op == 2 and isinstance(data, dict):
        gateway.identify(connection, data)
    elif op == 6 and isinstance(data, dict):
        gateway.resume(connection, data)
    elif connection.session is None:
        raise GatewayCloseError(4003)
    elif op == 8 and isinstance(data, dict):
        gateway.send_members(connection, data)
    elif op not in IGNORED_OPS:
        raise GatewayCloseError(4001)
