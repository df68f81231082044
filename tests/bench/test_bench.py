"""`make bench` measures; here it only has to run, so that it never rots."""

import os
import subprocess
import sys


def test_every_row_is_measured_and_the_sums_are_exact() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick"], env=os.environ, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    rows = [line.split()[0] for line in done.stdout.splitlines() if " ×" in line]
    assert rows == ["1", "1", "2", "3", "4", "4", "4", "9", "9", "10", "10", "10", "11", "11"]
    assert "Where a scan's time goes" in done.stdout
    assert "20 pickers at once" in done.stdout
    assert "Sums exact" in done.stdout
