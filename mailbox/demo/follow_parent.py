"""Let a child process end with its parent, however the parent ended.

servers.py runs the text of this file outside the project, so it uses the standard library only.
"""

import os
import signal
import threading
import time

CHECK_SECONDS = 0.5
GRACE_SECONDS = 5.0


def follow_parent(parent_pid: int) -> None:
    """Send ourselves SIGTERM when the parent is gone, and exit for good soon after.

    The parent gives its own id, since it may be gone before we could ask for it. The parent is
    watched because prctl's death signal follows the thread that started us, not the process.
    """
    threading.Thread(target=_watch, args=(parent_pid,), daemon=True).start()


def _watch(parent_pid: int) -> None:
    while os.getppid() == parent_pid:
        time.sleep(CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
