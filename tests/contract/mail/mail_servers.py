"""A real postfix and a real dovecot on loopback: free ports, a temporary folder of
their own, certificates of a test authority. Nothing of the machine's own mail
system is used or changed.
"""
import os
import pathlib
import shutil
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from node_files import free_ports  # noqa: E402

DOMAIN = "city.test"
USERS = {"desk": "desk-secret", "reply": "reply-secret", "quality": "quality-secret"}
DAEMONS = "/usr/lib/postfix/sbin"
WAIT_S = 30

MAIN_CF = """compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
myhostname = mail.{domain}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
recipient_delimiter = +
virtual_mailbox_domains = {domain}
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = texthash:{root}/postfix/boxes
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
smtpd_tls_cert_file = {root}/tls/server.pem
smtpd_tls_key_file = {root}/tls/server.key
smtpd_sasl_type = dovecot
smtpd_sasl_path = {root}/auth.sock
smtpd_sasl_auth_enable = yes
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access texthash:{root}/postfix/access
smtpd_reject_unlisted_recipient = no
smtpd_error_sleep_time = 0
default_transport = error:nothing leaves this test
"""

MASTER_CF = """127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_tls_auth_only=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{clear} inet n - n - - smtpd
  -o smtpd_tls_security_level=none -o smtpd_tls_auth_only=no
127.0.0.1:{wrong} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt -o smtpd_tls_cert_file={root}/tls/other.pem -o smtpd_tls_key_file={root}/tls/other.key
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

DOVECOT_CONF = """base_dir = {root}/dovecot/run
state_dir = {root}/dovecot/state
log_path = {root}/dovecot.log
listen = 127.0.0.1
protocols = imap pop3
ssl = required
ssl_cert = <{root}/tls/server.pem
ssl_key = <{root}/tls/server.key
mail_location = maildir:{root}/mail/%n
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login
auth_failure_delay = 0
auth_cache_size = 0
passdb {{
  driver = passwd-file
  args = {root}/dovecot/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = 0
  }}
  inet_listener pop3s {{
    port = {pop3s}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {root}/auth.sock {{
    mode = 0666
  }}
}}
"""


def need_programs():
    missing = [f"{program} (package {package})" for program, package in (
        ("postfix", "postfix"), ("dovecot", "dovecot-core"), ("openssl", "openssl")) if not shutil.which(program)]
    for part, package in (("imap", "dovecot-imapd"), ("pop3", "dovecot-pop3d")):
        if not os.path.exists(f"/usr/lib/dovecot/{part}"):
            missing.append(f"dovecot's {part} (package {package})")
    if missing:
        raise SystemExit("this test needs programs that are not installed: " + ", ".join(missing))
    if os.geteuid() != 0:
        raise SystemExit("this test needs root: postfix changes to users of its own")


def kill_all_in(root):
    """Ends what works in our temporary folder, or was started with a file of it: postfix and dovecot start many."""
    mark = str(root).encode() + b"/"
    while True:
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == os.getpid():
                continue
            try:
                words = (entry / "cmdline").read_bytes()
                place = os.fsencode(os.readlink(entry / "cwd")) + b"/"
            except OSError:
                continue
            if place.startswith(mark) or (mark in words and b"--guard" not in words):
                found.append(int(entry.name))
        if not found:
            return
        for pid in found:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass
        time.sleep(0.02)


def guard(root):
    """Waits for the end of the test that started it, then tidies up."""
    sys.stdin.buffer.read()
    kill_all_in(root)
    shutil.rmtree(root, ignore_errors=True)


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=WAIT_S)


class MailServers:
    def __init__(self):
        need_programs()
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="citybridge-mail-"))
        self.root.chmod(0o755)  # postfix and dovecot work as users of their own
        names = ("submission", "smtps", "clear", "wrong", "imaps", "pop3s")
        self.ports = dict(zip(names, free_ports(len(names))))
        self.processes = []
        # Should this process be killed, the servers still end and the folder goes.
        self.guard = subprocess.Popen([sys.executable, __file__, "--guard", str(self.root)], stdin=subprocess.PIPE,
                                      start_new_session=True)
        try:
            self._write()
            self.start()
        except BaseException:
            print(self.logs(), file=sys.stderr)
            self.remove()
            raise

    @property
    def ca_file(self):
        return str(self.root / "tls" / "ca.pem")

    def tls(self):
        return ssl.create_default_context(cafile=self.ca_file)

    def _write(self):
        for name in ("tls", "postfix", "queue", "data", "mail", "dovecot"):
            (self.root / name).mkdir()
        shutil.chown(self.root / "data", "postfix")
        shutil.chown(self.root / "mail", "nobody", "nogroup")
        mail = (self.root / "mail").stat()
        values = {"root": self.root, "domain": DOMAIN, "daemons": DAEMONS, "uid": mail.st_uid, "gid": mail.st_gid,
                  **self.ports}
        self._make_certificates(self.root / "tls")
        (self.root / "postfix/main.cf").write_text(MAIN_CF.format(**values))
        (self.root / "postfix/master.cf").write_text(MASTER_CF.format(**values))
        (self.root / "postfix/boxes").write_text("".join(f"{user}@{DOMAIN} {user}/\n" for user in USERS))
        (self.root / "postfix/access").write_text(
            f"refused@{DOMAIN} 550 5.7.1 not for you\nlater@{DOMAIN} 450 4.2.0 greylisted\n")
        (self.root / "dovecot/users").write_text(
            "".join(f"{user}@{DOMAIN}:{{PLAIN}}{word}::::::\n" for user, word in USERS.items()))
        (self.root / "dovecot/dovecot.conf").write_text(DOVECOT_CONF.format(**values))

    @staticmethod
    def _make_certificates(folder):
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        openssl("req", "-x509", *curve, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-days", "2", "-subj",
                "/CN=Test authority")
        for name, alternatives in (("server", "DNS:localhost,IP:127.0.0.1"), ("other", "DNS:mail.elsewhere.test")):
            openssl("req", *curve, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr", "-subj",
                    f"/CN={name}")
            (folder / f"{name}.ext").write_text(f"subjectAltName={alternatives}\n")
            openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
                    "-CAcreateserial", "-out", folder / f"{name}.pem", "-days", "2", "-extfile", folder / f"{name}.ext")

    def start(self):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
        self.processes = [
            subprocess.Popen(["dovecot", "-F", "-c", str(self.root / "dovecot/dovecot.conf")], **quiet),
            subprocess.Popen(["postfix", "-c", str(self.root / "postfix"), "start-fg"], **quiet)]
        until = time.monotonic() + WAIT_S
        for port in self.ports.values():
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    if time.monotonic() > until or any(each.poll() is not None for each in self.processes):
                        raise RuntimeError("postfix or dovecot did not start") from None
                    time.sleep(0.02)

    def kill(self):
        """At once, as by a power cut: every process of both."""
        kill_all_in(self.root)
        for process in self.processes:
            process.wait(WAIT_S)
        self.processes = []

    def remove(self):
        if self.processes:
            self.kill()
        self.guard.stdin.close()
        self.guard.wait(WAIT_S)

    def logs(self):
        return "".join((self.root / name).read_text(errors="replace")
                       for name in ("postfix.log", "dovecot.log") if (self.root / name).exists())

    def mails(self, user):
        """Every mail of a user's inbox, as bytes."""
        found = []
        for folder in ("new", "cur"):
            place = self.root / "mail" / user / folder
            if place.exists():
                found += [path.read_bytes() for path in sorted(place.iterdir()) if ",ST" not in path.name]
        return found

    def empty(self, user):
        for folder in ("new", "cur"):
            place = self.root / "mail" / user / folder
            for path in place.iterdir() if place.exists() else ():
                path.unlink()

    def answer(self, sender, recipient, message):
        """As a user's mail client sends it; `message` an email.message.EmailMessage or bytes."""
        with smtplib.SMTP("localhost", self.ports["submission"], timeout=WAIT_S) as client:
            client.starttls(context=self.tls())
            client.login(f"{sender}@{DOMAIN}", USERS[sender])
            content = message if isinstance(message, bytes) else message.as_bytes()
            client.sendmail(f"{sender}@{DOMAIN}", [recipient], content)


if __name__ == "__main__" and sys.argv[1:2] == ["--guard"]:
    guard(sys.argv[2])
