"""Why no answer came, in one line each, whichever library noticed."""

from __future__ import annotations

from arthas_cli.errors import BadAnswer, NoServer, NotArthas, ServerGone, TimedOut, TooLarge


def explain_connect_failure(error: BaseException, host: str, address: str) -> NoServer:
    """Return why there is no connection to `address`, "HOST:PORT"."""
    match error:
        case ConnectionRefusedError():
            cure = f"attach Arthas there, or give its HTTP port{_doubt_port(address)}"
            return NoServer(f"nothing listens on {address}", hint=cure)
        case OSError() if error.strerror and not is_name_failure(error):
            return NoServer(f"no connection to {address}: {error.strerror.lower()}")
    if is_name_failure(error):
        return NoServer(f"cannot find the host '{host}'", hint="check the name and the DNS")
    return NoServer(f"no connection to {address}")


def is_name_failure(error: BaseException) -> bool:
    """Return whether a host name has no address, or cannot be a name at all."""
    return isinstance(error, UnicodeError) or type(error).__name__ in _NAME_FAILURES


# By name, for those who raise them need not be loaded here.
_NAME_FAILURES = {"gaierror", "NameResolutionError", "InvalidURL", "LocationParseError"}


def limit_connect(connect_timeout_s: float, timeout_s: float | None) -> float:
    """Return how long a connection may take where the answer may take `timeout_s` seconds."""
    return connect_timeout_s if timeout_s is None else min(connect_timeout_s, timeout_s)


def explain_slow_connect(address: str, seconds: float) -> TimedOut:
    """Return that nobody took the connection in time."""
    return TimedOut(f"no connection to {address}", within_s=seconds)


def explain_slow_answer(address: str, seconds: float | None) -> TimedOut:
    """Return that the connection stands but the answer did not come in time."""
    return TimedOut(
        f"{address} did not answer",
        within_s=seconds or 0,
        hint=f"wait if it is busy with a long command, or give its HTTP port{_doubt_port(address)}",
    )


def _doubt_port(address: str) -> str:
    """Return ` if that is not 8989`, nothing for an address without a port."""
    port = address.rpartition(":")[2]
    return f" if that is not {port}" if port.isdecimal() else ""


def explain_too_large(most_bytes: int) -> TooLarge:
    """Return that more came, or is to come, than an answer may have."""
    return TooLarge(f"the answer is longer than {most_bytes / 2**20:g} MiB, or has no end")


def explain_gone(address: str) -> ServerGone:
    """Return that the server ended while its answer was awaited."""
    return ServerGone(f"the server has ended: nothing listens on {address} any more")


def explain_break(error: BaseException) -> NoServer:
    """Return what a connection that broke while the answer was awaited means."""
    name = type(error).__name__
    if name in _SILENCES:
        return BadAnswer("the server closed the connection without an answer", is_silent=True)
    if name in _NO_HTTP:
        return NotArthas("that port does not speak HTTP")
    return BadAnswer("the answer was cut off")


# By name as well: of the lean transport, then of the library beneath the full one.
_SILENCES = {"Silent", "RemoteDisconnected"}
_NO_HTTP = {"NotHttp", "BadStatusLine", "LineTooLong", "UnknownProtocol", "HTTPException"}
