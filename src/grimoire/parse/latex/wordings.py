r"""What an entry is called where ``\gls`` and its like link to it: singular, plural, short, long.

The rules are those of the packages glossaries and glossaries-extra. Only the first use differs: a page that is
read by chance has none, so ``\gls`` always shows the text, which of an abbreviation is its short form.
"""

from collections.abc import Iterable, Mapping

from grimoire.model import Wording
from grimoire.parse.latex.entries import Written
from grimoire.parse.latex.macros import Expansion, Macro


def wording(written: Written, expansion: Expansion) -> Wording:
    """Give the forms of an entry, as LaTeX; those it does not say follow from those it says."""
    said = {
        field.name: expansion.of(field.value.text)
        for field in reversed(written.fields)
        if field.name in Wording.__struct_fields__
    }
    short, long = said.get("short", ""), said.get("long", "")
    name = said.get("name") or short or written.key
    text = said.get("text") or short or name
    short_plural = said.get("shortplural") or _plural(short)
    plural = said.get("plural") or short_plural or _plural(text)
    long_plural = said.get("longplural") or _plural(long)
    full = f"{long} ({short})" if long and short else text
    full_plural = f"{long_plural} ({short_plural})" if long and short else plural
    return Wording(
        name=name,
        text=text,
        plural=plural,
        first=said.get("first") or full,
        firstplural=said.get("firstplural") or full_plural,
        short=short or text,
        shortplural=short_plural or plural,
        long=long or text,
        longplural=long_plural or plural,
        full=full,
        fullplural=full_plural,
        symbol=said.get("symbol") or text,
    )


def _plural(text: str) -> str:
    return f"{text}s" if text else ""


def unknown(key: str) -> Wording:
    """Call an entry of another kind of file by the words of its key."""
    text = key.rpartition(":")[2].replace("_", " ").strip() or key
    plural = _plural(text)
    return Wording(text, text, plural, text, plural, text, plural, text, plural, text, plural, text)


def by_key(entries: Iterable[Written], macros: Mapping[str, Macro] | None = None) -> dict[str, Wording]:
    """Give the forms of entries by their keys; of one that comes twice, the first.

    Args:
        entries: the entries of a file.
        macros: what is put in, as those who show the forms do not know it.
    """
    found: dict[str, Wording] = {}
    expansion = Expansion(macros or {})
    for one in entries:
        if one.key and one.key not in found:
            found[one.key] = wording(one, expansion)
    return found
