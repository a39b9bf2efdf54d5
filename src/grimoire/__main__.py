"""``python -m grimoire``: the command line, for where the console script is not on the PATH."""

import sys

from grimoire.cli import main

sys.exit(main())
