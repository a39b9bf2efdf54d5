"""The order of an index: that of the alphabet of its language.

In most languages an accented letter is looked up under the plain one. In some it is a letter of its own with a place
of its own: a Swede looks for *ångström* behind Z, a Spaniard for *ñ* behind N, and Czechs for *ch* behind H. The
letters are those of the Unicode Common Locale Data Repository (chart of collation, root and tailorings), as far as
they begin words or stand in them as letters of the alphabet.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from grimoire.names import initial, sort_key

_LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ALPHABETS = {
    "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "be": "АБВГДЕЖЗІЙКЛМНОПРСТУЎФХЦЧШЫЬЭЮЯ",
    "bg": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ",
    "el": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
    "fa": "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
    "he": "אבגדהוזחטיכלמנסעפצקרשת",
    "ru": "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЫЭЮЯ",
    "uk": "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ",
}
"""Those that the bar of letters shows in place of A to Z, by language."""

_FURTHER = {
    "az": "c:ç e:ə g:ğ h:ı o:ö s:ş u:ü",
    "be": "з:і,й у:ў",
    "bg": "и:й",
    "cs": "c:č h:ch r:ř s:š z:ž",
    "da": "z:æ,ø,å",
    "eo": "c:ĉ g:ĝ h:ĥ j:ĵ s:ŝ u:ŭ",
    "es": "n:ñ",
    "et": "s:š,z,ž w:õ,ä,ö,ü",
    "fa": "ب:پ ج:چ ز:ژ ق:ک,گ و:ه,ی",
    "fi": "z:å,ä,ö",
    "hr": "c:č,ć d:dž,đ l:lj n:nj s:š z:ž",
    "hu": "c:cs d:dz,dzs g:gy l:ly n:ny o:ö s:sz t:ty u:ü z:zs",
    "is": "a:á d:ð e:é i:í o:ó u:ú y:ý z:þ,æ,ö",
    "lt": "c:č s:š z:ž",
    "lv": "c:č g:ģ k:ķ l:ļ n:ņ s:š z:ž",
    "nb": "z:æ,ø,å",
    "pl": "a:ą c:ć e:ę l:ł n:ń o:ó s:ś z:ź,ż",
    "ro": "a:ă,â i:î s:ș t:ț",
    "ru": "и:й",
    "sk": "a:ä c:č h:ch o:ô s:š z:ž",
    "sl": "c:č,ć d:đ s:š z:ž",
    "sq": "c:ç d:dh e:ë g:gj l:ll n:nj r:rr s:sh t:th x:xh z:zh",
    "sv": "z:å,ä,ö",
    "tr": "c:ç g:ğ h:ı o:ö s:ş u:ü",
    "uk": "г:ґ е:є и:і,ї,й",
    "vi": "a:ă,â d:đ e:ê o:ô,ơ u:ư",
}
"""Letters of their own, behind the letter that they follow."""
_ALIKE = {"bs": "hr", "nn": "nb", "no": "nb", "sr-latn": "hr", "mo": "ro"}
_DOTLESS = ("az", "tr")
_PRIVATE = 0xE000
"""Signs of the private use area put a further letter behind all words with the plain one."""

_SCRIPTS = (
    (re.compile("[\u3040-\u30ff\u31f0-\u31ff]"), "あ"),
    (re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), "漢"),
)
"""Scripts of thousands of signs stand under one letter each: kana, and Chinese characters."""
_HANGUL = range(0xAC00, 0xD7A4)
_CONSONANTS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
_SYLLABLES = 588
"""Of Hangul, that begin with one consonant."""


class Collation:
    """The order of titles in one language, and the letters they stand under."""

    def __init__(self, language: str) -> None:
        """Take the order of a language, by its BCP 47 tag; one that is not known has that of English."""
        tag = language.lower().replace("_", "-")
        known = next((one for one in (tag, tag.split("-")[0]) if one in _FURTHER or one in _ALIKE), "")
        self._language = _ALIKE.get(known, known)
        self._places = _places(self._language)
        longest_first = sorted(self._places, key=len, reverse=True)
        self._letters = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        self.alphabet = self._alphabet(tag.split("-")[0])

    def key(self, title: str) -> tuple[str, str]:
        """Give what titles are ordered by: case and signs in front do not count."""
        if not self._letters:
            return sort_key(title)
        marked = self._letters.sub(lambda found: self._places[found[0]], self._lowered(title))
        return sort_key(marked)[0], title

    def initial(self, title: str) -> str:
        """Give the letter under which a title stands: one of the alphabet, of another script, or ``#``."""
        if self._letters:
            text = self._lowered(title)
            start = re.search(r"\w", text)
            if start and (found := self._letters.match(text, start.start())):
                return self._raised(found[0])
            if start and start[0] == "i" and self._language in _DOTLESS:
                return "İ"
        letter = initial(title)
        if ord(letter) in _HANGUL:
            return _CONSONANTS[(ord(letter) - _HANGUL.start) // _SYLLABLES]
        return next((label for signs, label in _SCRIPTS if signs.match(letter)), letter)

    def _alphabet(self, tag: str) -> tuple[str, ...]:
        letters = _ALPHABETS.get(tag)
        if letters:
            return tuple(letters)
        own = {self._raised(letter) for letter in self._places} | (
            {"İ"} if self._language in _DOTLESS else set()
        )
        return tuple(sorted({*_LATIN, *own}, key=self.key))

    def _lowered(self, title: str) -> str:
        text = unicodedata.normalize("NFC", title)
        if self._language in _DOTLESS:
            text = text.replace("I", "ı").replace("İ", "i")
        return text.lower()

    @staticmethod
    def _raised(letter: str) -> str:
        # "Ch" is one letter, and so written.
        return letter[:1].upper() + letter[1:]


@cache
def _places(language: str) -> Mapping[str, str]:
    """What stands for each further letter where titles are compared: the letter before it, and a private sign."""
    places = {}
    for group in _FURTHER.get(language, "").split():
        before, letters = group.split(":")
        for number, letter in enumerate(letters.split(",")):
            places[letter] = before + chr(_PRIVATE + number)
    return places
