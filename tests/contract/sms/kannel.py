"""A real Kannel of Debian on loopback: bearerbox and smsbox in a temporary folder, on free ports, with the npm SMPP server as
its centre. Ends with the test that made it.
"""
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from peers import needed

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from node_files import free_port  # noqa: E402

CONFIG = """
group = core
admin-port = {admin}
admin-password = admin
smsbox-port = {box}
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
box-allow-ip = "127.0.0.1"
log-level = 1
dlr-storage = internal
smsbox-interface = 127.0.0.1
admin-interface = 127.0.0.1

group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = {centre}
transceiver-mode = true
smsc-username = city
smsc-password = secret
system-type = ""
reconnect-delay = 1
msg-id-type = 0x00

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1
global-sender = 10690000
log-level = 1

group = sendsms-user
username = {user}
password = {password}
concatenation = true
max-messages = 10
omit-empty = true

group = sms-service
keyword = default
max-messages = 0
text = ""
"""


class Kannel:
    """`centre` is bound when this returns, and messages are taken at `url` from this user."""

    def __init__(self, test, centre, user="city", password="gateway-pass"):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.test, self.folder = test, pathlib.Path(folder.name)
        self.ports = {name: free_port() for name in ("admin", "box", "sendsms")}
        self.url = f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms"
        (self.folder / "kannel.conf").write_text(CONFIG.format(centre=centre.port, user=user, password=password,
                                                                 **self.ports))
        self.run_box("bearerbox")
        centre.until("bind")
        self.run_box("smsbox")
        self.wait_for_port(self.ports["sendsms"])
        self.wait_until_online()

    def run_box(self, name):
        log = open(self.folder / f"{name}.log", "wb")
        self.test.addCleanup(log.close)
        process = subprocess.Popen([needed(name, "kannel"), "-v", "1", "kannel.conf"], cwd=self.folder, stdout=log,
                                   stderr=log, start_new_session=True)
        self.test.addCleanup(process.wait, 60)
        self.test.addCleanup(process.kill)
        if name == "bearerbox":
            self.wait_for_port(self.ports["box"])

    def wait_for_port(self, port):
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        self.test.fail("Kannel does not come up; its logs:\n" +
                       "".join(log.read_text(errors="replace") for log in self.folder.glob("*.log")))

    def wait_until_online(self):
        url = f"http://127.0.0.1:{self.ports['admin']}/status.txt?password=admin"
        for _ in range(600):
            with urllib.request.urlopen(url, timeout=10) as answer:
                status = answer.read().decode(errors="replace")
            if "(online" in status and "smsbox" in status.split("SMSC connections")[0]:
                return
            time.sleep(0.05)
        self.test.fail("Kannel does not get online:\n" + status)
