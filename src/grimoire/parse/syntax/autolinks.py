"""Bare addresses, as in GFM: ``https://…``, ``www.…``, ``mailto:…``, ``xmpp:…`` and those of mail.

Each is looked for at a character inside it (``:``, ``w``, ``@``), so that text costs nothing; what stands
before that character has then been read as text, and is taken back. Tokens: markdown-it's own for links.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

_BEFORE = frozenset(" \t\n*_~(")
"""What may stand before an address; the start of a line may, too."""
_HOST = r"[^\s!-,./:-@\[-^`{-~\u2000-\u206f\u3000-\u303f\uff00-\uff0f]"
_DOMAIN = re.compile(rf"{_HOST}+(?:\.{_HOST}+)*")
_LONGEST_DOMAIN = 256
_REST = re.compile(r"[^\s<]*")
_MAIL_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.(?=[A-Za-z0-9])[A-Za-z0-9_-]+)+")
_RESOURCE = re.compile(r"(?:/[A-Za-z0-9@._-]*[A-Za-z0-9])?")
_MAIL_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+_-")
_REST_OF_MAIL = re.compile(r"(?<=[A-Za-z0-9])_[A-Za-z0-9._+-]{0,64}@[A-Za-z0-9]")
_NEVER_LAST = frozenset("?!.,:*_~'\"[]")


def _www(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    at = state.pos
    if silent or state.linkLevel or not state.src.startswith("www.", at) or not _may_begin(state, at):
        return False
    end = _end_of_address(state, at + len("www."), fewest_dots=1)
    return end > 0 and _link(state, at, end, "http://")


def _scheme(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    src, at = state.src, state.pos
    if silent or state.linkLevel:
        return False
    scheme = next((one for one in ("https", "http", "mailto", "xmpp") if state.pending.endswith(one)), "")
    first = at - len(scheme)
    if not scheme or not _may_begin(state, first):
        return False
    if scheme in {"mailto", "xmpp"}:
        local = at + 1
        while local < state.posMax and src[local] in _MAIL_CHARACTERS:
            local += 1
        end = _end_of_mail(state, local) if local > at + 1 and src.startswith("@", local) else 0
        found = _RESOURCE.match(src, end, state.posMax) if end and scheme == "xmpp" else None
        end = found.end() if found else end
    else:
        is_one = src.startswith("://", at)
        end = _end_of_address(state, at + len("://"), fewest_dots=0) if is_one else 0
    return end > 0 and _link(state, first, end)


def _mail(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    if silent or state.linkLevel:
        return False
    text = state.pending
    first = len(text)
    while first and text[first - 1] in _MAIL_CHARACTERS:
        first -= 1
    start = state.pos - (len(text) - first)
    if start == state.pos or not _may_begin(state, start):
        return False
    end = _end_of_mail(state, state.pos)
    return end > 0 and _link(state, start, end, "mailto:")


def _may_begin(state: StateInline, at: int) -> bool:
    return at <= 0 or state.src[at - 1] in _BEFORE


def _end_of_address(state: StateInline, at: int, *, fewest_dots: int) -> int:
    """Where the address ends whose domain begins at `at`; 0 if that is none.

    Its last two parts have no underscore. What ends the sentence is no part of the address.
    """
    domain = _DOMAIN.match(state.src, at, min(state.posMax, at + _LONGEST_DOMAIN))
    if (
        not domain
        or domain.end() == at + _LONGEST_DOMAIN
        or domain[0].count(".") < fewest_dots
        or "_" in "".join(domain[0].rsplit(".", 2)[-2:])
    ):
        return 0
    rest = _REST.match(state.src, domain.end(), state.posMax)
    return at + _without_end_of_sentence(state.src[at : rest.end() if rest else domain.end()])


def _without_end_of_sentence(address: str) -> int:
    """The length of an address without signs, closing brackets and entities that are the sentence's."""
    end = len(address)
    unopened = address.count(")") - address.count("(")
    while end:
        last = address[end - 1]
        if last == ")":
            if unopened <= 0:
                break
            unopened -= 1
            end -= 1
        elif last == ";":
            end -= 1
            name = end
            while name and address[name - 1].isalnum():
                name -= 1
            if name < end and address[name - 1 : name] == "&":
                end = name - 1
        elif last in _NEVER_LAST:
            end -= 1
        else:
            break
    return end


def _end_of_mail(state: StateInline, at: int) -> int:
    """Where the address of mail ends whose ``@`` is at `at`; 0 if it is none."""
    domain = _MAIL_DOMAIN.match(state.src, at + 1, state.posMax)
    if not domain or not domain[0][-1].isalnum() or state.src.startswith("@", domain.end()):
        return 0
    return domain.end()


def _link(state: StateInline, start: int, end: int, scheme: str = "") -> bool:
    """Make a link of the text from `start`, the part of it that was read already taken back."""
    written = state.src[start:end]
    if start < state.pos:
        state.pending = state.pending[: start - state.pos]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": state.md.normalizeLink(scheme + written)}
    opening.meta = {"at": (start, end)}
    state.push("text", "", 0).content = state.md.normalizeLinkText(written)
    closing = state.push("link_close", "a", -1)
    for token in (opening, closing):
        token.markup, token.info = "autolink", "auto"
    state.pos = end
    return True


def _underscore(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """An underscore inside an address of mail is text: it may begin emphasis otherwise."""
    if not _REST_OF_MAIL.match(state.src, state.pos, state.posMax):
        return False
    if not silent:
        state.append_pending("_")
    state.pos += 1
    return True


def autolinks(md: MarkdownIt) -> None:
    """Add the rules for bare addresses."""
    md.inline.ruler.push("www", _www)
    md.inline.ruler.push("scheme", _scheme)
    md.inline.ruler.push("mail", _mail)
    md.inline.ruler.before("emphasis", "underscore_in_address", _underscore)
