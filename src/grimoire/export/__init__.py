"""The glossary in other forms, for other programs: one function per file of the output.

Each gives the bytes of one file, the same for the same glossary on every machine.
"""

from grimoire.export.discovery import feed, manifest, opensearch
from grimoire.export.hosting import headers, sitemaps
from grimoire.export.records import glossary_json, graph_json

__all__ = ["feed", "glossary_json", "graph_json", "headers", "manifest", "opensearch", "sitemaps"]
