"""A site that is being written, in the browser: built at each save, by the same build, and shown at once.

Who does what, and in which thread::

    main thread      watching  → what changed below the site's folder, gathered for some 40 ms
                     building  → `building.build`, into a folder of its own; what came of it as a `Report`
    server's thread  hosting   → answers requests out of that folder, with the headers of `_headers`
                     news      → tells the pages that are open of each report, by server-sent events
    the page         live.js   → puts what changed in place, and shows what is wrong; live.css

Builds stay on the main thread because V8 wants to be started there. What changes while one runs is gathered by
the watcher, so one more build follows however much it was. Nothing is ever written into the site for the sake
of this: the script is put into pages while they are sent, and the default folder, ``.grimoire/serve/``, is none
that anybody deploys. See docs/authoring/serve.md and docs/decisions/0014-serve.md.

Importing this room costs as much as a small build; only the command does.
"""

from grimoire.serve.building import Terminal
from grimoire.serve.editor import EDITORS, link_template
from grimoire.serve.ports import PortInUse
from grimoire.serve.running import Wanted, serve

__all__ = ["EDITORS", "PortInUse", "Terminal", "Wanted", "link_template", "serve"]
