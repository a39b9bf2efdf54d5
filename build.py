"""Build the site in this folder, or in the one named: ``python build.py [SITE] [options]``."""

import sys

from grimoire.cli import main

if __name__ == "__main__":
    sys.exit(main(["build", *sys.argv[1:]]))
