"""Which addresses are links: what no browser could open, and no EPUB may hold, stays text."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address
from typing import Final

__all__ = ["is_web_address", "lower_scheme"]

_LABEL: Final = r"\w(?:[\w-]*\w)?"
_WEB = re.compile(
    # Of the user's name only ASCII: some full-width signs are read as what parts an address.
    rf"https?://(?:[!-\"$-.0->A-Z\\^-~]*@)?(?P<host>{_LABEL}(?:\.{_LABEL})*)\.?"
    r"(?::(?P<port>[0-9]{1,5})?)?(?:[/?][^#]*)?(?:#[^#]*)?",
    re.IGNORECASE | re.DOTALL,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HIGHEST_PORT: Final = 65_535
_LONGEST_LABEL: Final = 64


def is_web_address(url: str) -> bool:
    """Tell whether a URL is of http or https, with a host that can be one.

    See https://url.spec.whatwg.org/#host-parsing: a host that ends in a number is an IPv4
    address. Those of IPv6 are not taken.
    """
    match = _WEB.fullmatch(url)
    if match is None or int(match["port"] or 0) > _HIGHEST_PORT:
        return False
    *_, last = labels = match["host"].split(".")
    if last.isdigit() and len(labels) > 1:
        return _is_ipv4(match["host"])
    return all(map(_is_label, labels))


def _is_label(label: str) -> bool:
    """Tell whether a label of a host is one that IDNA has: what it means, it is written as."""
    try:
        encoded = label.lower().encode("idna")
        return 0 < len(encoded) < _LONGEST_LABEL and (
            not label.isascii() or encoded.decode("idna").encode("idna") == encoded
        )
    except UnicodeError:
        return False


def _is_ipv4(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


def lower_scheme(url: str) -> str:
    """Return a URL with its scheme in lower case, as all that looks for one expects it."""
    match = _SCHEME.match(url)
    return match[0].lower() + url[match.end() :] if match else url
