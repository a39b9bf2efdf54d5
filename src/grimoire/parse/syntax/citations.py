"""Citations: ``[@key]``, ``[see @a, p. 3; -@b]``, and ``@key`` in a sentence.

Token: ``citation``, its `content` as written; `meta` holds the cluster, where its keys stand (`keys`), and whether
it is one for sure. What
only may be one, as ``@name`` or ``[ask @name]``, is so where a bibliography knows the key, and that is found out
later: here it is told apart from addresses of mail and from what else holds an ``@``. In the text of a link
nothing is cited, for a citation is a link itself.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from grimoire.model import Cluster
from grimoire.parse.clusters import narrative_at, parse_cluster, places_of_keys

_SURE = re.compile(r"\[-?@[^\[\]`$<\\]+\]")
# What stands in front of the key must be mere words: if no bibliography knows it, they are shown as they are.
_LIKELY = re.compile(r"\[(?!\^)[^\[\]@`$<\\*_~=|]{1,80}(?<=[\s(])-?@[^\[\]`$<\\*]+\]")


def _bracketed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    start = state.pos
    # While markdown-it looks for the end of a link's text, brackets in it are only brackets.
    if silent or state.src[start] != "[" or state.linkLevel:
        return False
    found = _SURE.match(state.src, start, state.posMax)
    is_sure = found is not None
    found = found or _LIKELY.match(state.src, start, state.posMax)
    cluster = parse_cluster(found[0]) if found else None
    if not found or not cluster:
        return False
    _push(state, cluster, found.end(), is_sure=is_sure)
    return True


def _narrative(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  markdown-it's signature
    if silent or state.src[state.pos] != "@" or state.linkLevel:
        return False
    found = narrative_at(state.src, state.pos)
    if not found or found[1] > state.posMax:
        return False
    cluster, end = found
    _push(state, cluster, end, is_sure=False)
    return True


def _push(state: StateInline, cluster: Cluster, end: int, *, is_sure: bool) -> None:
    token = state.push("citation", "", 0)
    token.content = cluster.written
    keys = tuple((state.pos + start, state.pos + stop) for start, stop in places_of_keys(cluster))
    token.meta = {"cluster": cluster, "is_sure": is_sure, "keys": keys}
    state.pos = end


def citations(md: MarkdownIt) -> None:
    """Add the rules for citations; those of links, which they yield to, are there already."""
    md.inline.ruler.before("bracket", "citation", _bracketed)
    md.inline.ruler.push("narrative_citation", _narrative)
