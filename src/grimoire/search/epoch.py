"""Under which circumstances a document was analysed: what a remembered analysis must agree with."""

from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from grimoire import names

_OF_LUNR = ("stemmer.py", "stop_word_filter.py")


@cache
def epoch() -> str:
    """Digest the code that analyses and indexes: this package's, the folding of names, and lunr's own part.

    lunr's files are read, not imported: most builds analyse nothing.

    Raises:
        ImportError: if lunr is not installed.
    """
    lunr = find_spec("lunr")
    if lunr is None or lunr.origin is None:
        raise ImportError("lunr is not installed", name="lunr")
    files = [*sorted(Path(__file__).parent.glob("*.py")), Path(names.__file__)]
    files += [Path(lunr.origin).with_name(name) for name in _OF_LUNR]
    digest = blake2b(digest_size=16)
    for file in files:
        digest.update(blake2b(file.read_bytes()).digest())
    return digest.hexdigest()
