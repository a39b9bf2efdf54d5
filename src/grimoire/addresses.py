"""Addresses that an author gives: what each is to a browser, and which may stand in a page.

This is the only module that decides it. An address is read as a browser reads it: blanks and control
characters around it do not count, nor do tabs and line ends inside, nor does the case of the scheme;
``//host`` is an address of the web. Entities are the business of who reads the markup.
"""

import re
from collections.abc import Collection

HARMLESS = frozenset(("doi", "ftp", "geo", "http", "https", "irc", "mailto", "tel", "xmpp"))
"""The schemes that a link out of the site may have."""
WEB = frozenset(("http", "https"))
"""Those of what is fetched from a host of the web."""

_AROUND = "".join(map(chr, range(0x21)))
_DROPPED = str.maketrans("", "", "\t\n\r")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_HOST = re.compile(r"[\\/]{2,}")


def as_read(address: str) -> str:
    """Give an address as a browser reads it; one that begins with a host has its scheme, ``https``."""
    read = address.strip(_AROUND).translate(_DROPPED)
    return _HOST.sub("https://", read, count=1) if _HOST.match(read) else read


def scheme(address: str) -> str:
    """Give the scheme of an address in lower case; "" for a path, which leads to a place in the site."""
    found = _SCHEME.match(as_read(address))
    return found[1].lower() if found else ""


def is_outside(address: str) -> bool:
    """Say whether an address leads out of the site, or would."""
    return bool(scheme(address))


def is_allowed(address: str, schemes: Collection[str] = HARMLESS) -> bool:
    """Say whether an address may stand in a page: it has one of these schemes."""
    return scheme(address) in schemes
