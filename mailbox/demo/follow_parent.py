"""A child that ends with its parent, however the parent ended. Standard library only."""

import os
import signal
import threading
import time

CHECK_SECONDS = 0.5
GRACE_SECONDS = 5.0


def follow_parent(parent_pid: int) -> None:
    """Send ourselves SIGTERM when the parent is gone, and leave for good soon after.

    The parent tells its own id: it may be gone before we could ask for it. Watching is
    used rather than prctl's death signal, which follows the thread that made us.
    """
    threading.Thread(target=_watch, args=(parent_pid,), daemon=True).start()


def _watch(parent_pid: int) -> None:
    while os.getppid() == parent_pid:
        time.sleep(CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
