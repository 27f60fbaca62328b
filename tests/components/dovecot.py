"""Run a real Dovecot 2.3 for tests: deliver mail, change UIDs, hide what the server can do.

It runs as root (mail then belongs to `nobody`) and as an ordinary user alike. Any user name of
letters, digits and `.@-_+` exists; all users share one random password.
"""

import functools
import grp
import itertools
import os
import pwd
import secrets
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from imapclient import IMAPClient

from tests.components.certificates import write_certificates
from tests.components.server import (
    LOOPBACK,
    Server,
    ServerError,
    find_program,
    is_root,
    wait_until,
)

# What Debian's Dovecot 2.3.19 advertises after login, without extensions that nothing here uses.
CAPABILITIES = (
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT THREAD=REFERENCES MULTIAPPEND UNSELECT "
    "CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT "
    "SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE LITERAL+"
)

_TIMEOUT_SECONDS = 60
_CONFIG = """\
# Written by tests/components/dovecot.py.
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot-mail.log
protocols = imap
listen = {host}
instance_name = {instance}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
auth_mechanisms = plain login
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 200
mail_plugins =
imap_capability = {capabilities}
{tls}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
# A wrong password in one test shall not slow down the logins of the others.
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap {{
  process_limit = 400
}}
"""


class Dovecot(Server):
    """Serve IMAP, or IMAPS with `tls`, on loopback.

    `capabilities_off` names what the server shall not advertise, such as `("MOVE", "UIDPLUS",
    "IDLE")`. Dovecot would still obey such a command: only what it advertises is taken away.
    """

    name = "dovecot"

    def __init__(
        self, folder: Path, *, capabilities_off: Sequence[str] = (), tls: bool = False
    ) -> None:
        super().__init__(folder)
        self.password = secrets.token_urlsafe(18)
        self.ca_file = folder / "ca.pem"
        self._capabilities = [word for word in CAPABILITIES.split() if word not in capabilities_off]
        self._has_tls = tls
        self._delivery_numbers = itertools.count(1)

    def url(self, user: str, folder: str = "INBOX") -> str:
        """Give the address of a user's folder, without the password (RFC 5092)."""
        scheme = "imaps" if self._has_tls else "imap"
        return f"{scheme}://{quote(user, safe='')}@{LOOPBACK}:{self.port}/{quote(folder)}"

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put one message into a folder, as a local delivery agent does, and wake IDLE.

        The file holds exactly `raw`, whatever that is. A client is given the same bytes when
        `raw` has CRLF line ends and no NUL; Dovecot makes a lone LF a CRLF, and a NUL the byte
        0x80, when it sends the message. IDLE hears of it within half a second.
        """
        maildir = self._maildir(user, folder)
        if not (maildir / "new").is_dir():
            self._make_maildir(user, folder)
        # Dovecot numbers new files in the order of these names.
        seconds, microseconds = divmod(time.time_ns() // 1_000, 1_000_000)
        number = next(self._delivery_numbers)
        name = f"{seconds}.M{microseconds:06}P{os.getpid()}Q{number}.avrr"
        unfinished = maildir / "tmp" / name
        unfinished.write_bytes(raw)
        if is_root():
            os.chown(unfinished, *_mail_ids())
        unfinished.rename(maildir / "new" / name)

    def messages(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """Read all messages of a folder over IMAP, by ascending UID; leave their flags alone."""
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
        return [found[uid][b"BODY[]"] for uid in sorted(found)]

    def uids(self, user: str, folder: str = "INBOX") -> list[int]:
        """List the UIDs of a folder, ascending."""
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            return sorted(client.search("ALL"))

    def flags(self, user: str, folder: str = "INBOX") -> dict[int, set[bytes]]:
        """Give the flags of each message, such as `{1: {b"\\\\Seen"}}`, without \\\\Recent."""
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            found = client.get_flags(client.search("ALL"))
        return {uid: set(flags) - {b"\\Recent"} for uid, flags in found.items()}

    def folders(self, user: str) -> list[str]:
        """List the folders a user has, INBOX among them, sorted."""
        with self.client(user) as client:
            return sorted(name for _, _, name in client.list_folders())

    def uid_validity(self, user: str, folder: str = "INBOX") -> int:
        """Read the folder's UIDVALIDITY (RFC 9051 §2.3.1.1)."""
        with self.client(user) as client:
            validity: int = client.folder_status(folder, ["UIDVALIDITY"])[b"UIDVALIDITY"]
            return validity

    def set_uid_validity(self, user: str, validity: int, folder: str = "INBOX") -> None:
        """Change the folder's UIDVALIDITY; messages and their UIDs stay."""
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(validity), folder)

    def delete_and_recreate(self, user: str, folder: str = "INBOX") -> None:
        """Empty the folder so that UIDs begin at 1 again under another UIDVALIDITY.

        No IMAP command deletes INBOX: what an administrator does with `rm -r` is done here.
        Sessions that have the folder open are cut off.
        """
        before = self.uid_validity(user, folder)
        self.kick(user)
        maildir = self._maildir(user, folder)
        for part in ("new", "cur", "tmp"):
            shutil.rmtree(maildir / part)
        for index in maildir.glob("dovecot[.-]*"):
            if not index.name.startswith("dovecot-uidvalidity"):
                index.unlink()
        self._make_maildir(user, folder)
        if self.uid_validity(user, folder) == before:
            self.set_uid_validity(user, before + 1, folder)

    def kick(self, user: str) -> None:
        """Cut off the user's sessions, as an administrator can; none is no error.

        Return when the last is gone: the server only signals its processes.
        """
        self.doveadm("kick", user, may_fail=True)
        wait_until(lambda: not self.has_session(user), "the sessions end")

    def has_session(self, user: str) -> bool:
        """Say whether the server counts a session of the user; it counts a moment after a login."""
        return user in self.doveadm("who", user)

    def doveadm(self, *arguments: str, may_fail: bool = False) -> str:
        """Run `doveadm` against this server and return its output; raise ServerError on failure."""
        done = subprocess.run(
            [find_program("doveadm"), "-c", str(self._config_path), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=_TIMEOUT_SECONDS,
        )
        if done.returncode and not may_fail:
            raise ServerError(f"doveadm {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    @contextmanager
    def client(self, user: str) -> Iterator[IMAPClient]:
        """Give a logged-in IMAPClient, and log out afterwards."""
        context = ssl.create_default_context(cafile=self.ca_file) if self._has_tls else None
        with IMAPClient(
            LOOPBACK,
            self.port,
            ssl=self._has_tls,
            ssl_context=context,
            timeout=_TIMEOUT_SECONDS,
        ) as client:
            client.login(user, self.password)
            yield client

    @property
    def _config_path(self) -> Path:
        return self.folder / "dovecot.conf"

    def _prepare(self) -> None:
        mail = self.folder / "mail"
        for made in (mail, self.folder / "run", self.folder / "state"):
            made.mkdir(mode=0o755, exist_ok=True)
        if is_root():
            os.chown(mail, *_mail_ids())
            self.folder.chmod(0o711)
        tls = "ssl = no"
        if self._has_tls:
            write_certificates(self.folder)
            tls = (
                f"ssl = required\nssl_cert = <{self.folder}/server.pem\n"
                f"ssl_key = <{self.folder}/server.key"
            )
        me, my_group = pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        mail_user, mail_group = ("nobody", "nogroup") if is_root() else (me, my_group)
        self._config_path.write_text(
            _CONFIG.format(
                folder=self.folder,
                host=LOOPBACK,
                instance=f"avrr-{self.port}",
                internal_user="dovecot" if is_root() else me,
                internal_group="dovecot" if is_root() else my_group,
                login_user="dovenull" if is_root() else me,
                capabilities=" ".join(self._capabilities),
                tls=tls,
                password=self.password,
                mail_user=mail_user,
                mail_group=mail_group,
                imap_port=0 if self._has_tls else self.port,
                imaps_port=self.port if self._has_tls else 0,
            )
        )
        # The file holds the password; doveadm runs as the same user, so nobody else need read it.
        self._config_path.chmod(0o600)

    def _command(self) -> Sequence[str]:
        return [find_program("dovecot"), "-F", "-c", str(self._config_path)]

    def _answers(self) -> bool:
        with self.client("ready@example.org") as client:
            client.noop()
        return True

    def _log_tail(self) -> str:
        mail_log = self.folder / "dovecot-mail.log"
        told = mail_log.read_text(errors="replace")[-4_000:] if mail_log.exists() else ""
        return super()._log_tail() + told

    def _maildir(self, user: str, folder: str) -> Path:
        root = self.folder / "mail" / user / "Maildir"
        # Maildir++ keeps "Case files/2026" in ".Case files.2026".
        return root if folder.upper() == "INBOX" else root / f".{folder.replace('/', '.')}"

    def _make_maildir(self, user: str, folder: str) -> None:
        maildir = self._maildir(user, folder)
        inbox = self._maildir(user, "INBOX")
        made = [inbox.parent, inbox, maildir, *(maildir / part for part in ("tmp", "cur", "new"))]
        for each in made:
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
            if is_root():
                os.chown(each, *_mail_ids())


@functools.cache
def _mail_ids() -> tuple[int, int]:
    return pwd.getpwnam("nobody").pw_uid, grp.getgrnam("nogroup").gr_gid
