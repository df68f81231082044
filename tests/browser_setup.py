"""`python -m tests.browser_setup`: find a Chromium for the browser tests, or install one, and print its path.

Looked for: STOREHAND_CHROMIUM and Playwright's own variable, the usual names on PATH, what Playwright downloaded
earlier. Installed: as root on Debian and its kin with apt-get, else by `playwright install`. Found none: in CI (where
CI is set) this fails; elsewhere it says so loudly, prints nothing, and every browser test fails with the reason.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from playwright.sync_api import sync_playwright

VARIABLES = ("STOREHAND_CHROMIUM", "PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
INSTALL_SECONDS = 900
STDERR = 2  # Standard output is for the path alone.


def candidates() -> Iterator[str]:
    yield from filter(None, map(os.environ.get, VARIABLES))
    yield from filter(None, map(shutil.which, NAMES))
    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def works(path: str) -> bool:
    """On some systems the name on PATH is only a note saying how to install it."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return any(name in answer.stdout for name in ("Chromium", "Chrome"))


def find() -> str | None:
    return next(filter(works, candidates()), None)


def installations() -> Iterator[list[list[str]]]:
    """Ways to install a Chromium, each a row of commands that must all succeed."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"]
        yield [["apt-get", "update", "--quiet"], install]
    yield [[sys.executable, "-m", "playwright", "install", "chromium"]]


def succeeds(command: list[str]) -> bool:
    tell(f"Browser tests need Chromium; trying `{' '.join(command)}` …")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=STDERR, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        tell(str(problem))
        return False
    return done.returncode == 0


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> int:
    path = find()
    for commands in installations() if path is None else ():
        if all(map(succeeds, commands)):
            path = find()
        if path is not None:
            break
    if path is None:
        tell("=" * 100)
        tell("NO CHROMIUM on this machine and none could be installed: EVERY BROWSER TEST WILL FAIL.")
        tell("Install chromium or google-chrome, or set STOREHAND_CHROMIUM to the path of one.")
        tell("=" * 100)
        return 1 if os.environ.get("CI") else 0
    sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
