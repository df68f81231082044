"""`python -m tests.bench [--quick]`: makes a database of its own on the server of DATABASE_URL, measures, drops it.

The servers `make bench` starts for it run with fsync off. Every arm that writes pays for its commits, so a slower disk
would only bring the arms closer together: this is the harder comparison.

Exit status 0 whether targets are met or not; 1 when something broke, such as a sum that is not exact.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


@contextmanager
def own_database(server_url: str) -> Iterator[str]:
    """What is measured must not lie among data that somebody keeps."""
    name = f"storehand_bench_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--quick", action="store_true", help="only see that everything still runs")
    quick = ["--quick"] if parser.parse_args().quick else []
    with own_database(os.environ["DATABASE_URL"]) as url, tempfile.TemporaryDirectory() as state_dir:
        environment = os.environ | {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "STATE_DIR": state_dir,
            "STATIC_ROOT": state_dir,
            "STOREHAND_DEMO": "0",
            "HTTPS": "1",
            "ALLOWED_HOSTS": "storehand.example,127.0.0.1",
        }
        for command in (["manage.py", "migrate", "--verbosity", "0"], ["-m", "tests.bench.measure", *quick]):
            code = subprocess.run([sys.executable, *command], env=environment, check=False).returncode
            if code:
                return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
