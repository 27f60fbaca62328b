"""Run a real PostgreSQL cluster for tests, in a scratch folder on a loopback port.

PostgreSQL refuses to run as root: started by root, it runs as Debian's user `postgres`.
"""

import itertools
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from tests.components.server import LOOPBACK, Server, ServerError, is_root

_INSTALLED = Path("/usr/lib/postgresql")
_ROLE = "avrr"
_INITDB_TIMEOUT_SECONDS = 120
_CONFIG = """\
# Written by tests/components/postgres.py.
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
fsync = {fsync}
synchronous_commit = {fsync}
full_page_writes = {fsync}
max_connections = 200
shared_buffers = 64MB
log_line_prefix = '%m [%p] '
"""


class Postgres(Server):
    """Serve one cluster. `fsync=False` is faster and unfit for tests of power cuts."""

    name = "postgres"
    # A fast shutdown: sessions are ended, transactions rolled back, a checkpoint written.
    _stop_signal = signal.SIGINT

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        super().__init__(folder)
        self.password = secrets.token_urlsafe(18)
        self._fsync = fsync
        self._database_numbers = itertools.count(1)

    def create_database(self) -> str:
        """Make an empty database and give its URL, `postgresql+psycopg://…`, for SQLAlchemy."""
        name = f"test_{next(self._database_numbers)}_{secrets.token_hex(3)}"
        self.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database made by `create_database`; sessions that still use it are ended."""
        name = sql.Identifier(url.rpartition("/")[2])
        self.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def url(self, database: str = "postgres") -> str:
        """Give the URL of a database, with its password, for SQLAlchemy with psycopg 3."""
        return f"postgresql+psycopg://{_ROLE}:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def execute(self, statement: sql.Composed, database: str = "postgres") -> None:
        """Run one statement by itself as the cluster's owner."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            connection.execute(statement)

    def dsn(self, database: str = "postgres") -> str:
        """Give the address of a database for psycopg and libpq."""
        return self.url(database).replace("+psycopg", "", 1)

    def restart_immediately(self) -> None:
        """Restart as `pg_ctl restart -m immediate` does: no checkpoint, recovery at the start."""
        self._stop_with(signal.SIGQUIT)
        self.start()

    def _prepare(self) -> None:
        cluster = self._cluster
        cluster.mkdir(mode=0o700)
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self.password)
        if is_root():
            self.folder.chmod(0o711)
            owner = pwd.getpwnam("postgres")
            for path in (cluster, password_file):
                os.chown(path, owner.pw_uid, owner.pw_gid)
        self._initdb(password_file)
        password_file.unlink()
        with (cluster / "postgresql.conf").open("a") as config:
            config.write(
                _CONFIG.format(host=LOOPBACK, port=self.port, fsync="on" if self._fsync else "off")
            )

    def _initdb(self, password_file: Path) -> None:
        done = subprocess.run(
            [
                str(_newest_programs() / "initdb"),
                f"--pgdata={self._cluster}",
                f"--username={_ROLE}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            cwd=self._cluster,
            user=self._run_as(),
            group=self._run_as(),
            extra_groups=[] if is_root() else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=_INITDB_TIMEOUT_SECONDS,
        )
        if done.returncode:
            shutil.rmtree(self._cluster)
            raise ServerError(f"initdb: {done.stdout}{done.stderr}")

    @property
    def _cluster(self) -> Path:
        return self.folder / "cluster"

    def _command(self) -> Sequence[str]:
        return [str(_newest_programs() / "postgres"), "-D", str(self._cluster)]

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.dsn(), connect_timeout=2) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    def _run_as(self) -> str | None:
        return "postgres" if is_root() else None

    def _working_folder(self) -> Path:
        return self._cluster


def _newest_programs() -> Path:
    """Find /usr/lib/postgresql/VERSION/bin of the highest version; raise when there is none."""
    versions = [path for path in _INSTALLED.glob("*") if (path / "bin" / "initdb").exists()]
    if not versions:
        raise ServerError(f"no PostgreSQL server below {_INSTALLED}")
    return max(versions, key=lambda path: int(path.name)) / "bin"
