#!/usr/bin/env python3
"""plugins/sms_http, loaded as the node loads it, against a real Kannel, whose centre is the SMPP server of npm."""
import http.server
import os
import pathlib
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

from peers import Centre, Courier, free_port, install, needed

COURIER, PLUGINS, NPM = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
TO = "+8613800000000"
CHINESE = "【安居】您的验证码是123456，10分钟内有效。"

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
username = city
password = gateway-pass
concatenation = true
max-messages = 10
omit-empty = true

group = sms-service
keyword = default
max-messages = 0
text = ""
"""


class Hook(http.server.BaseHTTPRequestHandler):
    """Stands where the node's /v1/hooks/sms would be."""

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.server.arrived.put((path, query))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Kannel(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.centre = Centre(self, NPM)
        self.centre.order(mode="receipts")
        self.hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.hook.arrived = queue.Queue()
        threading.Thread(target=self.hook.serve_forever, daemon=True).start()
        self.addCleanup(self.hook.server_close)
        self.addCleanup(self.hook.shutdown)

    def start_kannel(self):
        self.ports = {name: free_port() for name in ("admin", "box", "sendsms")}
        (self.folder / "kannel.conf").write_text(CONFIG.format(centre=self.centre.port, **self.ports))
        self.run_box("bearerbox")
        self.centre.until("bind")
        self.run_box("smsbox")
        self.wait_for_port(self.ports["sendsms"])
        self.wait_until_online()

    def run_box(self, name):
        log = open(self.folder / f"{name}.log", "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen([needed(name, "kannel"), "-v", "1", "kannel.conf"], cwd=self.folder, stdout=log,
                                   stderr=log, start_new_session=True)
        self.addCleanup(process.wait, 60)
        self.addCleanup(process.kill)
        if name == "bearerbox":
            self.wait_for_port(self.ports["box"])

    def wait_for_port(self, port):
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        self.fail("Kannel does not come up; its logs:\n" +
                  "".join(log.read_text(errors="replace") for log in self.folder.glob("*.log")))

    def wait_until_online(self):
        url = f"http://127.0.0.1:{self.ports['admin']}/status.txt?password=admin"
        for _ in range(600):
            with urllib.request.urlopen(url, timeout=10) as answer:
                status = answer.read().decode(errors="replace")
            if "(online" in status and "smsbox" in status.split("SMSC connections")[0]:
                return
            time.sleep(0.05)
        self.fail("Kannel does not get online:\n" + status)

    def settings(self, **more):
        hook = f"http://127.0.0.1:{self.hook.server_port}/v1/hooks/sms?id={{id:url}}&token={{report_token}}&state=%d&code=%A"
        return {"url": f"http://127.0.0.1:{self.ports['sendsms']}/cgi-bin/sendsms", "method": "GET", "send_as": "query",
                "user": "city", "password": "gateway-pass",
                "parameters": "username={user}\npassword={password}\nto={to}\ntext={text}\ncharset=UTF-8\n"
                              f"coding={{kannel_coding}}\ndlr-mask=31\ndlr-url={hook}",
                "error_pattern": "^(\\d+):",
                "report_secret": "0123456789abcdef0123", "report_message": "id", "report_state": "state",
                "report_states": "1=delivered, 2=undelivered, 4=accepted, 8=accepted, 16=rejected", **more}

    def report(self, courier):
        path, query = self.hook.arrived.get(timeout=60)
        self.assertEqual(path, "/v1/hooks/sms")
        courier.say(accept={"headers": {":method": "GET", ":query": query}, "body": ""})
        return courier.until("accepted")["accepted"], query

    def test_a_message_goes_out_and_its_reports_come_back(self):
        self.start_kannel()
        courier = Courier(self, COURIER, PLUGINS, "sms_http", self.settings())
        texts = [("Your code is 123456", 0), (CHINESE, 8), (CHINESE * 3, 8)]
        for number, (text, coding) in enumerate(texts):
            reply = courier.carry(f"ver_{number}.1.sms", TO, text)
            self.assertEqual((reply["outcome"], reply["external_id"]), ("delivered", f"ver_{number}.1.sms"), reply)
            parts = [self.centre.until("submit")]
            while sum(len(each["text"]) for each in parts) < len(text):
                parts.append(self.centre.until("submit"))
            self.assertEqual("".join(each["text"] for each in parts), text)
            self.assertTrue(parts[0]["to"].endswith("8613800000000"), parts[0])
            self.assertEqual(parts[0]["data_coding"], coding)
            states = set()
            while "delivered" not in states:
                report, query = self.report(courier)
                self.assertEqual(report["type"], "sms.report")
                self.assertEqual(report["data"]["message"], f"ver_{number}.1.sms")
                states.add(report["data"]["state"])
            # What Kannel sends is worth nothing for another message.
            courier.say(accept={"headers": {":query": query.replace(f"ver_{number}", "ver_9")}, "body": ""})
            self.assertEqual(courier.until("refused")["refused"], "hook.bad_signature")
            while not self.hook.arrived.empty():
                self.hook.arrived.get()
        self.assertNotIn("gateway-pass", "".join(courier.errors))

        wrong = Courier(self, COURIER, PLUGINS, "sms_http", self.settings(password="other"))
        self.assertEqual(wrong.carry("m", TO, "hello")["outcome"], "refused")
        gone = Courier(self, COURIER, PLUGINS, "sms_http",
                       self.settings(url=f"http://127.0.0.1:{free_port()}/cgi-bin/sendsms"))
        reply = gone.carry("m", TO, "hello")
        self.assertEqual((reply["outcome"], reply["code"]), ("not_done", "http.no_connection"))


if __name__ == "__main__":
    for program in ("bearerbox", "smsbox"):
        needed(program, "kannel")
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    install(NPM)
    unittest.main(argv=sys.argv[:1])
