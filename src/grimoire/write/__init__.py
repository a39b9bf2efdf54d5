"""A build's outputs on disk: all of them or none, and never a file that is not ours.

Who writes claims the folder first; a second build waits until the first lets go. Changed files go
to a hidden staging folder beside their places, so that a failure while pages are still being
rendered is seen by nobody. `Output.commit` then puts them in place, one `os.replace` each. ::

    with claim(out) as output:
        kept = {path: record for path, record in remembered.items() if output.is_kept(path, record)}
        staged = [output.stage(path, render(page), page.digest) for path, page in ...]
        records = output.commit(kept, staged)

Ours is what the manifest names. A commit first writes one that names old and new paths together,
those about to change without a digest, and last the one of the new site. So a build killed in
between leaves nothing that the next does not own, and no file it could mistake for a good one. A
commit that fails puts everything back. Nothing waits for the disk: after a crash of the system a
page may be short, and a file of another size than its record is written again.
"""

from grimoire.write.manifest import MANIFEST
from grimoire.write.output import Output, Staged, claim
from grimoire.write.paths import ForeignOutput, UnsafePath

__all__ = ["MANIFEST", "ForeignOutput", "Output", "Staged", "UnsafePath", "claim"]
