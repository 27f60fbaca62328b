"""Take away from a child that parses almost everything that it could do.

Both modes of the jail use it. Resource limits bound what a child may use. The system call filter is
an allow list: what parsing in memory needs is allowed, everything else is refused. No file can be
opened, no socket made, no process started or signalled, so even a child that an attacker took over
cannot reach the warm process or the next document.
"""

import ctypes
import os
import platform
import resource
import struct

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
SIGKILL = 9

ALLOW = 0x7FFF0000
REFUSE_EPERM = 0x00050000 | 1
REFUSE_ENOSYS = 0x00050000 | 38
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

# Numbers at or above this came after 2019: the C library asks for them first and falls back to
# the old call only when told ENOSYS.
FIRST_NEW_CALL = 424

CALLS_X86_64 = {
    "read": 0, "write": 1, "close": 3, "fstat": 5, "lseek": 8, "mmap": 9, "mprotect": 10,
    "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
    "pread64": 17, "pwrite64": 18, "readv": 19, "writev": 20, "sched_yield": 24, "mremap": 25,
    "madvise": 28, "dup": 32, "nanosleep": 35, "getpid": 39, "exit": 60, "ftruncate": 77,
    "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100,
    "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110,
    "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202,
    "sched_getaffinity": 204, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "newfstatat": 262, "ppoll": 271,
    "getrandom": 318, "membarrier": 324, "rseq": 334,
}  # fmt: skip
CALLS_AARCH64 = {
    "dup": 23, "ftruncate": 46, "close": 57, "lseek": 62, "read": 63, "write": 64, "readv": 65,
    "writev": 66, "pread64": 67, "pwrite64": 68, "ppoll": 73, "newfstatat": 79, "fstat": 80,
    "exit": 93, "exit_group": 94, "futex": 98, "nanosleep": 101, "clock_gettime": 113,
    "clock_getres": 114, "clock_nanosleep": 115, "sched_getaffinity": 123, "sched_yield": 124,
    "restart_syscall": 128, "sigaltstack": 132, "rt_sigaction": 134,
    "rt_sigprocmask": 135, "rt_sigreturn": 139, "times": 153, "getrlimit": 163, "getrusage": 165,
    "gettimeofday": 169, "getpid": 172, "getppid": 173, "getuid": 174, "geteuid": 175,
    "getgid": 176, "getegid": 177, "gettid": 178, "sysinfo": 179, "brk": 214, "munmap": 215,
    "mremap": 216, "mmap": 222, "mprotect": 226, "madvise": 233, "getrandom": 278,
    "membarrier": 283, "rseq": 293,
}  # fmt: skip
CALLS = {"x86_64": CALLS_X86_64, "aarch64": CALLS_AARCH64}
# A signal to a thread: the C library sends one to its own process when it gives up. In the reduced
# jail every process of our user would be in reach, so the first argument must be the child itself.
SIGNALS = {
    "x86_64": {"tkill": 200, "tgkill": 234},
    "aarch64": {"tkill": 130, "tgkill": 131},
}
# The decoder of HEIC always works in a thread of its own. So `clone` is allowed with exactly the
# flags of the C library's threads, and no process can be made with it; `clone3` keeps its flags
# where a filter cannot look, and is answered as if it did not exist.
CLONE = {"x86_64": 56, "aarch64": 220}
THREAD_FLAGS = 0x3D0F00
FIRST_ARGUMENT_AT = 16
MAX_THREADS = 8


class _Filter(ctypes.Structure):
    """Mirror the kernel's struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("program", ctypes.c_char_p))


def forbid_tracing() -> None:
    """Keep this process and its children from being read or traced by others of their user."""
    _prctl(PR_SET_DUMPABLE, 0)


def adopt_orphans() -> None:
    """Make this process the parent of every descendant whose own parent ended."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    _prctl(PR_SET_PDEATHSIG, SIGKILL)


def limit_resources(address_space_bytes: int, cpu_seconds: int, max_output_bytes: int) -> None:
    """Set the limits of one child, hard and soft alike, so that it cannot raise them again.

    The output file lives in memory, so its size limit is the limit of every file that the child
    could write. One second lies between the signal for used-up time and the final kill.
    """
    limits = {
        resource.RLIMIT_AS: (address_space_bytes, address_space_bytes),
        resource.RLIMIT_CPU: (cpu_seconds, cpu_seconds + 1),
        resource.RLIMIT_FSIZE: (max_output_bytes, max_output_bytes),
        resource.RLIMIT_NOFILE: (16, 16),
        resource.RLIMIT_NPROC: (MAX_THREADS, MAX_THREADS) if _has_filter() else (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    for name, limit in limits.items():
        resource.setrlimit(name, limit)


def _has_filter() -> bool:
    """Say whether the filter will keep a child from starting processes on this machine."""
    return platform.machine() in CALLS


def lock_system_calls() -> bool:
    """Install the filter for good; return False on a machine type that it does not know."""
    program = assemble_filter(platform.machine(), os.getpid())
    if program is None:
        return False
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    described = _Filter(len(program) // 8, program)
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(described))
    return True


def assemble_filter(machine: str, own_pid: int) -> bytes | None:
    """Return the filter for one process as classic BPF, or None for an unknown machine type.

    `own_pid` is the identifier that the process has in its own namespace. The program checks the
    architecture, since the same number is another call on another architecture. The x32 calls of
    x86_64 have numbers above every allowed one, so the last lines refuse them.
    """
    if machine not in CALLS:
        return None
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    lines = [
        (load, 0, 0, 4),
        (equal, 1, 0, AUDIT_ARCH[machine]),
        (answer, 0, 0, REFUSE_EPERM),
        (load, 0, 0, 0),
    ]
    for number in sorted(CALLS[machine].values()):
        lines += [(equal, 0, 1, number), (answer, 0, 0, ALLOW)]
    bound = dict.fromkeys(SIGNALS[machine].values(), own_pid)
    for number, first_argument in ({CLONE[machine]: THREAD_FLAGS} | bound).items():
        lines += [
            (equal, 0, 4, number),
            (load, 0, 0, FIRST_ARGUMENT_AT),
            (equal, 0, 1, first_argument),
            (answer, 0, 0, ALLOW),
            (answer, 0, 0, REFUSE_EPERM),
        ]
    lines += [
        (at_least, 0, 1, FIRST_NEW_CALL),
        (answer, 0, 0, REFUSE_ENOSYS),
        (answer, 0, 0, REFUSE_EPERM),
    ]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _prctl(option: int, *arguments: int) -> None:
    """Call prctl; raise OSError when the kernel refuses."""
    padded = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    if _LIBC.prctl(option, *padded) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


# Loaded before the lock, since loading opens a file.
_LIBC = ctypes.CDLL(None, use_errno=True)
