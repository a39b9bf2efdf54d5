"""grimoire: a static-site glossary generator."""

__version__ = "0.1.0"
