"""Names of terms and the strings made from them: slugs, anchors, folded names, addresses.

This is the only module that folds case or makes a slug. Two names are *alike* when
:func:`fold` gives the same key for both; links, aliases and clashes are all decided by it.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NewType
from urllib.parse import quote

Slug = NewType("Slug", str)
"""The last part of a term's address: lower case, words joined by hyphens."""
Anchor = NewType("Anchor", str)
"""The fragment of an address, without ``#``."""
Url = NewType("Url", str)
"""A path below the root of the site without a leading slash, as ``terms/softmax/``."""
Name = NewType("Name", str)
"""A folded name: the key under which a title or an alias is looked up."""

_REMEMBERED = 1 << 16
"""How many names are remembered with what is made of them: a build asks for each many times."""

_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψωϵϑϕϱϖ",
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
            "sigma sigma tau upsilon phi chi psi omega epsilon theta phi rho pi"
        ).split(),
        strict=True,
    )
)
_GREEK_LETTERS = re.compile(f"(?<![{''.join(_GREEK)}])[{''.join(_GREEK)}]{{1,2}}(?![{''.join(_GREEK)}])")
_LETTERS_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_QUOTES = dict.fromkeys(map(ord, "'’‘ʼ`\"“”„«»"))
CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
"""For a class of a pattern: Chinese and Japanese, whose words no blanks set apart, and Korean, whose words
carry their endings."""
_JOINERS = re.compile(r"[\s_\-‐-―−]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@cache
def marks() -> str:
    """For a class of a pattern: the marks that scripts spell words with."""
    blocks = (*range(0x0300, 0x2100), *range(0xA660, 0xAC00))
    return "".join(char for char in map(chr, blocks) if unicodedata.category(char).startswith("M"))


def _without_marks(text: str) -> str:
    """Drop accents of Latin, Greek and Cyrillic letters; leave the marks other scripts spell with."""
    kept: list[str] = []
    for char in unicodedata.normalize("NFKD", text):
        if unicodedata.combining(char) and kept and ord(kept[-1]) < 0x0530:
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(_REMEMBERED)
def slugify(title: str) -> Slug:
    """Make the slug of a title: ``Cramér–Rao`` gives ``cramer-rao``, ``β-VAE`` ``beta-vae``.

    One or two Greek letters are spelled out, ``++`` becomes ``-plus-plus``, scripts other than
    Latin keep their letters, as Greek words do, all else becomes single hyphens. Never empty: a title without any letter or
    digit gives the hexadecimal code points of its characters. A very long one is cut.
    """
    if title.isascii():
        plain = title.lower().replace("'", "").replace('"', "")
    else:
        text = unicodedata.normalize("NFKC", title.translate(_INVISIBLE)).lower().translate(_QUOTES)
        text = _without_marks(text).translate(_LETTERS_WITHOUT_DECOMPOSITION)
        plain = _with_greek_spelt(text)
    plain = plain.replace("++", " plus plus ").replace("#", " sharp " if "c#" in plain else " ")
    slug = re.sub(r"[\W_]+", "-", plain).strip("-") if plain.isascii() else "-".join(_letters(plain).split())
    return Slug(_fitting(slug or "-".join(f"{ord(char):x}" for char in title.strip()) or "untitled"))


@lru_cache(_REMEMBERED)
def tag_slug(tag: str) -> Slug:
    """Make the slug of a tag: ``Math/Linear Algebra`` gives ``math/linear-algebra``.

    A slash stays one, as a tag may stand inside another: ``a/b`` and ``a-b`` are two.
    """
    return Slug("/".join(slugify(part) for part in tag.split("/") if part) or slugify(tag))


def _with_greek_spelt(text: str) -> str:
    """Spell out small Greek letters that stand for something, one or two together; not those of Greek words."""
    return _GREEK_LETTERS.sub(lambda found: "".join(map(_GREEK.__getitem__, found[0])), text)


_LONGEST_SLUG = 180
"""In bytes of UTF-8: file systems allow 255 for a name, and a number or a digest may follow."""


def _fitting(slug: str) -> str:
    """Cut a slug that no file system could take, between words where there are some."""
    if len(slug) * 4 <= _LONGEST_SLUG or len(slug.encode()) <= _LONGEST_SLUG:
        return slug
    head = slug.encode()[:_LONGEST_SLUG].decode("utf-8", "ignore")
    blank = head.rfind("-", len(head) // 2)
    return head[:blank] if blank > 0 else head


def _letters(text: str) -> str:
    """Put blanks in place of all but letters and digits, and marks behind one.

    The vowel signs of Indic and other scripts are marks, and words are spelt with them.
    """
    kept = [" "]
    for char in text:
        is_mark = kept[-1] != " " and unicodedata.category(char).startswith("M")
        kept.append(char if is_mark or char.isalnum() else " ")
    return "".join(kept)


def anchor(heading: str) -> Anchor:
    """Make the anchor of a heading's text; unique within a page only after the caller saw to it."""
    return Anchor(slugify(heading))


def work_anchor(key: str) -> Anchor:
    """Make the id of a work's line in a list of references: no two keys give the same, and no heading does."""
    return Anchor("_ref-" + quote(key.encode("utf-8", "replace"), safe="/:;,@+=$!*~"))


@lru_cache(_REMEMBERED)
def fold(name: str) -> Name:
    """Fold a name to the key by which alike names are found.

    Case, accents, quotes and the kind of hyphen do not count, nor does a ligature (œ is oe); hyphen,
    underscore and blank are the same. Idempotent.
    """
    if name.isascii():
        text = name.lower().replace("'", "").replace('"', "").replace("`", "")
    else:
        text = _without_marks(unicodedata.normalize("NFKC", name.translate(_INVISIBLE)).casefold())
        text = text.casefold().translate(_QUOTES).translate(_LETTERS_WITHOUT_DECOMPOSITION)
    return Name(_JOINERS.sub(" ", text).strip())


def letters_of(name: str) -> Name:
    """Fold a name to its letters and digits alone: ``f(x), g(x)`` and ``f x g x`` are the same."""
    return Name(" ".join(_WORD.findall(fold(name))))


_MARKS = re.compile(r"\$([^$]+)\$|\\([!-/:-@\[-`{-~])|[*`]|==|~~")


def unmarked(name: str) -> str:
    r"""Give a name without the marks of its formulas and emphasis: ``$\epsilon$-*greedy*`` is ``\epsilon-greedy``."""
    return _MARKS.sub(lambda mark: mark[1] or mark[2] or "", name)


@lru_cache(_REMEMBERED)
def tidy(name: str) -> str:
    """Give a name its one spelling for exact comparison: NFC, single blanks, straight quotes."""
    text = unicodedata.normalize("NFC", name.translate(_INVISIBLE))
    return " ".join(text.replace("’", "'").replace("_", " ").split())


_PLURAL_OF_CAPITALS = re.compile(r"(?<=[A-Z0-9])['’]?s$")


def is_capitals(name: str) -> bool:
    """Say whether a name is mostly capitals, so that its case counts: IT, SAEs, t-SNE, LoRA, GPT-4 are.

    The *s* of a plural does not count, nor do digits and signs.
    """
    letters = [char for char in _PLURAL_OF_CAPITALS.sub("", name) if char.isalpha()]
    return 2 * sum(map(str.isupper, letters)) > len(letters)


_WORD = re.compile(r"[^\W_]+")


def is_acronym_of(short: str, long: str) -> bool:
    """Say whether `short` abbreviates `long`: RLHF, k-NN, LoRA, t-SNE and FLOPs do.

    The capitals of `short` (or all its letters, where it has a lower-case one alone between
    hyphens) must be initials of words of `long`, in order; from three letters on, one may miss.
    Or all its letters are beginnings of the words, as in "FLoating-point OPerations".
    """
    if not re.fullmatch(r"[^\W_][\w.\-/&+]{1,11}", short) or sum(c.isupper() for c in short) < 2:
        return False
    short = re.sub(r"(?<=[A-Z])s$", "", short)
    wanted = [c.lower() for c in short if c.isupper()]
    if re.match(r"[a-z]-", short):
        wanted.insert(0, short[0])
    words = [word.lower() for word in _WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", long))]
    initials = [word[0] for word in words]
    missed = 0
    place = 0
    for letter in wanted:
        try:
            place = initials.index(letter, place) + 1
        except ValueError:
            missed += 1
    if missed == 0 or (missed == 1 and len(wanted) > 2 and initials[:1] == wanted[:1]):
        return True
    return len(wanted) > 2 and _begins_words(short.lower(), words)


def _begins_words(letters: str, words: Sequence[str]) -> bool:
    """Whether `letters` are beginnings of the words put together, the first word's among them."""
    reached: set[int] = set()
    for word in words:
        reached = reached | {
            at + length
            for at in reached or {0}
            for length in range(1, len(letters) - at + 1)
            if word.startswith(letters[at : at + length])
        }
        if not reached:
            return False
    return len(letters) in reached


_ABBREVIATED = re.compile(r"(?=.*[A-Z])[A-Za-z0-9]{2,8}")
_QUALIFIED = re.compile(r"([^()]+?)\s+\(([^()]+)\)")
_SLASH = re.compile(r" / (?![^()]{0,120}\))")
"""A slash between names; not one inside parentheses."""


def names_in_title(title: str) -> tuple[str, tuple[str, ...]]:
    """Read the abbreviation and the further names out of a title.

    Returns:
        The abbreviation ("" if none) and the other names, as in ``Long Form (LF)``,
        ``LF (Long Form)``, ``Long Form (LF of some kind)``, ``Long and Wide Form (LF / WF)`` and
        ``Eigenvector / Eigenvalue``.
    """
    if "(" not in title and "/" not in title:
        return "", ()
    if match := _QUALIFIED.fullmatch(title):
        outside, inside = match[1].strip(), match[2].strip()
        if is_acronym_of(inside, outside):
            return inside, (outside,)
        if is_acronym_of(outside, inside):
            return outside, (inside,)
        several = inside.split(" / ")
        if several[1:] and all(is_acronym_of(one.strip(), outside) for one in several):
            return "", (outside, *(one.strip() for one in several))
        first = inside.partition(" ")[0]
        if _ABBREVIATED.fullmatch(first) and _begins_words(first.lower(), _WORD.findall(outside.lower())):
            return first, (outside,)
    names = [part.strip() for part in _SLASH.split(title)]
    return "", tuple(filter(None, names)) if names[1:] else ()


def long_form(title: str, text: str) -> str:
    """Give the long form of an abbreviated title with which a text begins, "" if it does not.

    For ``LoRA`` it finds it in "Low-rank adaptation (LoRA) is …" and in "Low-rank adaptation - it …":
    every letter of the title must be the beginning of a word.
    """
    if not _ABBREVIATED.fullmatch(title):
        return ""
    opening = rf"(?:(?:an?|the)\s+)?([^.,:;()\n]{{3,80}}?)\s+(?:\({re.escape(title)}\)|[-–—]\s)"
    found = re.match(opening, text, re.IGNORECASE)
    words = _WORD.findall(found[1].lower()) if found else []
    return found[1] if found and words[1:] and _begins_words(title.lower(), words) else ""


def initial(title: str) -> str:
    """Give the letter under which a title stands in the index.

    It is ``A`` to ``Z``, a letter of another script, or ``#`` for digits and signs. An accent does
    not count; β-VAE stands under B, as it is read, and a Greek word under its own letter.
    """
    for char in _with_greek_spelt(_without_marks(unicodedata.normalize("NFKC", title)).lower()):
        if char.isalpha():
            return char.translate(_LETTERS_WITHOUT_DECOMPOSITION)[:1].upper()[:1]
        if char.isdigit():
            return "#"
    return "#"


@lru_cache(_REMEMBERED)
def sort_key(title: str) -> tuple[str, str]:
    """Order titles as a reader looks them up: case, accents and signs in front do not count.

    A Greek letter stands where its name does.
    """
    folded = fold(title)
    if not folded.isascii():
        folded = Name(_with_greek_spelt(folded))
    return folded.lstrip("([{<“'\"$\\ ") or folded, title
