"""Become another program, one that cannot outlive the supervisor: `launch.py PARENT SIGNAL USER COMMAND…`.

Run as a script of its own (never imported) between fork and exec, because the same work in `preexec_fn` can deadlock
a supervisor that has threads. The process id stays the same, so whoever started this can signal the program by it.

PARENT is the supervisor's process id, SIGNAL what the kernel sends when the supervisor is gone, however it went
(PR_SET_PDEATHSIG; Linux only, elsewhere a killed supervisor leaves its children running). USER is `-` to stay who
we are, or the name of the user to become.
"""

import ctypes
import os
import pwd
import signal
import sys
from typing import NoReturn

PR_SET_PDEATHSIG = 1


def become(user: str) -> None:
    entry = pwd.getpwnam(user)
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.umask(0o077)


def die_with(parent: int, death_signal: int) -> None:
    # After the change of user: the kernel forgets the wish when a process changes its identity.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("The supervisor ended before this program began.")


def main(parent: str, death_signal: str, user: str, *command: str) -> NoReturn:
    if user != "-":
        become(user)
    die_with(int(parent), int(death_signal))
    # A shell starts background jobs with Ctrl-C ignored, and that would be inherited.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell is the point; the commands are this project's own.
    except OSError as problem:
        sys.stderr.write(f"{command[0]}: {problem.strerror}\n")
        os._exit(127 if isinstance(problem, FileNotFoundError) else 126)


if __name__ == "__main__":
    main(*sys.argv[1:])
