"""One build at a time for an output folder.

On POSIX the lock is held on the folder itself, so there is no lock file to publish or to forget.
Everywhere the system drops the lock with the process that held it.
"""

# ruff: noqa: PTH103, PTH108, PTH116
# Plain paths, as in `grimoire.write.output`.

import os
import sys
from collections.abc import Callable
from contextlib import suppress

if sys.platform == "win32":
    import msvcrt
    import time
else:
    import fcntl

_LOCK = ".grimoire-lock"

if sys.platform == "win32":

    def acquire(root: str, waiting: Callable[[], None]) -> int:
        """Lock a file in the folder `root`, for this system has no locks on folders.

        `waiting` is called once if another process holds it. Gives a descriptor for `release`.
        """
        os.makedirs(root, exist_ok=True)
        descriptor = os.open(f"{root}/{_LOCK}", os.O_RDWR | os.O_CREAT)
        is_first = True
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                if is_first:
                    waiting()
                is_first = False
                time.sleep(0.1)
            else:
                return descriptor

    def release(root: str, lock: int) -> None:
        """Let go of the folder `root`, which the descriptor `lock` holds."""
        os.close(lock)
        # Refused while another build waits for it, which then removes it.
        with suppress(OSError):
            os.unlink(f"{root}/{_LOCK}")

else:

    def acquire(root: str, waiting: Callable[[], None]) -> int:
        """Lock the folder `root` itself, which is made if need be.

        `waiting` is called once if another process holds it. Gives a descriptor for `release`.
        """
        while True:
            os.makedirs(root, exist_ok=True)
            descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting()
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            except OSError:
                pass  # a file system without locks: two builds at once are then the user's care
            # Who held it may have removed the folder.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(descriptor), os.stat(root)):
                    return descriptor
            os.close(descriptor)

    def release(root: str, lock: int) -> None:  # noqa: ARG001  the other system needs it
        """Let go of the folder that the descriptor `lock` holds."""
        os.close(lock)
