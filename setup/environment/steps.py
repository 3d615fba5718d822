"""Steps of an installation: progress, errors with a remedy, and work done once."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

NEEDED_BYTES = 4 * 1024**3
STAMP = ".complete"


class Failure(Exception):
    """An error the user can act on: one line that says what to do."""


def cache_folder() -> Path:
    """The folder outside the checkout in which everything is installed."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base).expanduser().absolute() / "monthly-billing"


def say(message: str) -> None:
    """Show one line of progress; standard output stays free for results."""
    print(f"==> {message}", file=sys.stderr, flush=True)


def digest(*parts: object) -> str:
    """Short hash of values and of the contents of files among them."""
    total = hashlib.sha256()
    for part in parts:
        is_file = isinstance(part, Path) and part.is_file()
        data = part.read_bytes() if is_file else str(part).encode()
        total.update(hashlib.sha256(data).digest())
    return total.hexdigest()[:12]


def run(
    command: list, title: str, log: Path, hint: str = "", **options
) -> subprocess.CompletedProcess:
    """Run `command` with its output in `log`; raise Failure when it fails.

    `hint` names the likely remedy; the last line of output is added to it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        options = {"stdin": subprocess.DEVNULL, "stdout": output, **options}
        done = subprocess.run(
            [str(part) for part in command], stderr=subprocess.STDOUT, **options
        )
    if done.returncode:
        raise Failure(f"{title} failed: {last_line(log)}; {hint or 'see'} {log}")
    return done


def last_line(log: Path) -> str:
    """The last line of a log that says something, shortened."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()]
    errors = [line for line in lines if line.lower().startswith(("error", "e: "))]
    lines = errors or [line for line in lines if line] or ["no output"]
    return lines[-1][:200]


def build_once(
    directory: Path, key: str, title: str, build: Callable[[], None]
) -> None:
    """Leave `directory` built for `key`; a half-finished one is made again.

    `build` fills the existing, empty directory. The stamp is written last.
    """
    stamp = directory / STAMP
    if stamp.is_file() and stamp.read_text() == key:
        return
    say(title)
    check_space(directory.parent)
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    build()
    write_whole(stamp, key)


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once: readers see the old text or the new, never a part."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_text(text)
    partial.replace(path)


def check_space(directory: Path) -> None:
    """Raise Failure when the disk of `directory` is nearly full."""
    directory.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(directory).free
    if free < NEEDED_BYTES:
        raise Failure(
            f"needs 4 GB of disk space under {directory}, {free / 1e9:.1f} GB are "
            "free: make room, or set XDG_CACHE_HOME to another disk"
        )


@contextlib.contextmanager
def only_one(path: Path, waiting: str) -> Iterator[None]:
    """Hold the lock file `path`; two commands started at once take turns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def one_line_errors() -> Iterator[None]:
    """End the program with one line for every error that was foreseen."""
    try:
        yield
    except Failure as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit("interrupted: start again, what is half-finished is done anew")
    except OSError as error:
        if error.errno in (28, 122):  # no space, quota exceeded
            sys.exit(f"error: the disk is full ({error.filename}): make room there")
        if error.errno in (13, 30):  # permission denied, read-only file system
            sys.exit(f"error: cannot write {error.filename}: set XDG_CACHE_HOME")
        raise
