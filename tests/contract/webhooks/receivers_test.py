#!/usr/bin/env python3
"""The receivers of docs/erp-vendors.md, run as they are printed there."""
import base64
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time
import unittest

TOOL, COURIER, PLUGINS, DOCS = *sys.argv[1:4], pathlib.Path(sys.argv[4])
WAIT_S = 60


def new_secret():
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def ask(order):
    done = subprocess.run([TOOL], input=json.dumps(order) + "\n", capture_output=True, text=True, timeout=WAIT_S)
    return json.loads(done.stdout)


def carry(url, secret, messages, **settings):
    """The loaded plugin delivers these (id, payload) pairs, all at once, over its own HTTP client."""
    order = {"settings": {"url": url, "secret": secret, **settings},
             "messages": [{"id": message_id, "payload": payload} for message_id, payload in messages]}
    done = subprocess.run([COURIER, PLUGINS], input=json.dumps(order) + "\n", stdout=subprocess.PIPE, text=True,
                          timeout=WAIT_S)
    return [(reply["outcome"], reply["code"]) for reply in json.loads(done.stdout.splitlines()[-1])["replies"]]


def signed(secrets, message_id, body, at=None):
    order = {"do": "sign", "secrets": secrets, "id": message_id, "body": body, "at": int(at or time.time())}
    return ask(order)["headers"]


def message(order="ord_1", note="王女士"):
    return json.dumps({"type": "order.opened", "timestamp": "2026-11-22T08:00:00.000Z",
                       "data": {"id": order, "fields": {"wish": note}}}, ensure_ascii=False)


class Page(unittest.TestCase):
    def test_the_page_shows_the_receivers_as_they_are_tested(self):
        page = (DOCS / "erp-vendors.md").read_text(encoding="utf-8")
        for language, name in (("python", "receiver.py"), ("java", "Receiver.java")):
            code = (DOCS / "vendor" / name).read_text(encoding="utf-8")
            self.assertIn(f"```{language}\n{code}```\n", page, name)
            self.assertLess(code.count("\n"), 90, name)


class Hook(http.server.BaseHTTPRequestHandler):
    """CityBridge's side of POST /v1/hooks/erp: keeps what arrives, answers what the test says."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.arrived.put((self.path, headers, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class ReceiverTests:
    """The same for every language; `command` starts its receiver."""

    def setUp(self):
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.secret, self.hook_secret = new_secret(), new_secret()
        self.environment = {**os.environ, "LC_ALL": "C.UTF-8", "PORT": "0", "INBOX": os.path.join(folder, "inbox"),
                            "CITYBRIDGE_SECRET": self.secret, "CITYBRIDGE_HOOK_SECRET": self.hook_secret}

    def start(self):
        self.process = subprocess.Popen(self.command, env=self.environment, stdout=subprocess.PIPE, text=True,
                                        encoding="utf-8")
        self.addCleanup(self.process.stdout.close)
        self.addCleanup(self.process.wait, WAIT_S)
        self.addCleanup(self.process.kill)
        self.lines = queue.Queue()
        threading.Thread(target=lambda out: [self.lines.put(line) for line in out], args=[self.process.stdout],
                         daemon=True).start()
        first = self.lines.get(timeout=WAIT_S)
        self.port = int(first.rsplit(" ", 1)[1])

    def restart(self):
        self.process.kill()
        self.process.wait(WAIT_S)
        self.start()

    def post(self, headers, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        with contextlib.closing(connection):
            connection.request("POST", "/citybridge", body if isinstance(body, bytes) else body.encode(), headers)
            reply = connection.getresponse()
            reply.read()
            return reply.status

    def handled(self):
        """Messages handled since the last time, known by a last one that must come."""
        sentinel = f"ord_last_{time.monotonic_ns()}"
        body = message(sentinel)
        self.assertEqual(self.post(signed([self.secret], sentinel, body), body), 204)
        seen = []
        while sentinel not in (line := self.lines.get(timeout=WAIT_S)):
            seen.append(line)
        return seen

    def test_a_message_is_handled_once_however_often_it_comes(self):
        self.start()
        for order in ("ord_1", "ord_2"):
            body = message(order)
            for age in (2, 1, 0):
                headers = signed([self.secret], f"{order}.1.erp", body, time.time() - age)
                self.assertEqual(self.post(headers, body), 204)
        self.restart()
        body = message("ord_1")
        self.assertEqual(self.post(signed([self.secret], "ord_1.1.erp", body), body), 204)
        self.assertEqual(self.handled(), [])

    def test_new_messages_are_handled_in_full(self):
        self.start()
        for index, note in enumerate(["王女士，朝阳区", "\\\"'\n", "x" * 100_000, "👩‍💻"]):
            body = message(f"ord_{index}", note)
            self.assertEqual(self.post(signed([self.secret], f"ord_{index}.1.erp", body), body), 204)
        self.assertEqual(len(self.handled()), 4)
        self.assertEqual(self.handled(), [])

    def test_both_signatures_of_a_rotation_are_looked_at(self):
        self.start()
        body = message()
        self.assertEqual(self.post(signed([new_secret(), self.secret], "ord_1.1.erp", body), body), 204)
        self.assertEqual(self.post(signed([self.secret, new_secret()], "ord_1.2.erp", body), body), 204)
        self.assertEqual(len(self.handled()), 2)

    def test_what_is_not_genuine_is_refused(self):
        self.start()
        body = message()
        good = signed([self.secret], "ord_1.1.erp", body)
        attempts = [(signed([new_secret()], "ord_1.1.erp", body), body), (good, body.replace("ord_1", "ord_2")),
                    (good, body + " "), (good, ""), ({**good, "webhook-id": "ord_1.2.erp"}, body),
                    ({**good, "webhook-timestamp": str(int(good["webhook-timestamp"]) + 1)}, body)]
        for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
            attempts.append(({key: value for key, value in good.items() if key != name}, body))
            for value in ("", " ", "x", "v1,", "v1,=", "\u00e9", "\u00b2", "9" * 5000, "-1"):
                attempts.append(({**good, name: value}, body))
        for age in (-400, 400, 10_000_000):
            attempts.append((signed([self.secret], "ord_1.1.erp", body, time.time() - age), body))
        for headers, content in attempts:
            self.assertEqual(self.post(headers, content), 401, headers)
        self.assertEqual(self.handled(), [])
        self.assertEqual(self.post(good, body), 204)

    def test_it_takes_what_the_loaded_plugin_delivers(self):
        self.start()
        url = f"http://127.0.0.1:{self.port}/citybridge"
        messages = [(f"ord_{index}.1.erp", message(f"ord_{index}", "王女士" * index)) for index in range(40)]
        for _ in range(2):
            self.assertEqual(carry(url, self.secret, messages), [("delivered", "")] * 40)
        self.assertEqual(len(self.handled()), 40)
        rotating = carry(url, new_secret(), [("ord_41.1.erp", message("ord_41"))], old_secret=self.secret)
        self.assertEqual(rotating, [("delivered", "")])
        self.assertEqual(carry(url, new_secret(), messages[:1]), [("not_done", "delivery.refused")])
        self.assertEqual(len(self.handled()), 1)
        self.process.kill()
        self.process.wait(WAIT_S)
        self.assertEqual(carry(url, self.secret, messages[:1]), [("not_done", "http.no_connection")])

    def test_a_body_beyond_all_measure_is_refused(self):
        self.start()
        body = message(note="x" * 12_000_000)
        with contextlib.suppress(OSError):  # it may close before it has read all
            self.assertIn(self.post({"webhook-id": "m", "webhook-timestamp": "1", "webhook-signature": "v1,x"}, body),
                          (401, 413))
        self.assertEqual(self.handled(), [])

    def tell(self, answers):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        server.arrived, server.answers = queue.Queue(), answers
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.environment["CITYBRIDGE_HOOK_URL"] = f"http://127.0.0.1:{server.server_port}/v1/hooks/erp"
        note = "已联系客户 \"三居室\" \\ 500万"
        done = subprocess.run([*self.command, "tell", "order.contacted", "ord_1", note], env=self.environment,
                              stdout=subprocess.PIPE, timeout=WAIT_S)
        arrived = [server.arrived.get_nowait() for _ in range(server.arrived.qsize())]
        for path, headers, body in arrived:
            self.assertEqual(path, "/v1/hooks/erp")
            order = {"do": "accept", "headers": headers, "body": body, "at": int(time.time())}
            taken = ask({**order, "secrets": [self.hook_secret]})
            self.assertEqual(taken, {"code": "", "id": headers["webhook-id"], "type": "order.contacted",
                                     "data": {"order": "ord_1", "note": note}})
            self.assertEqual(ask({**order, "secrets": [self.secret]})["code"], "hook.bad_signature")
        return done.returncode, [headers["webhook-id"] for _, headers, _ in arrived]

    def test_it_tells_us_what_became_of_an_order(self):
        code, ids = self.tell([])
        self.assertEqual((code, len(ids)), (0, 1))

    def test_it_tells_again_under_the_same_id_until_we_take_it(self):
        code, ids = self.tell([503, 429, 200])
        self.assertEqual((code, len(ids), len(set(ids))), (0, 3, 1))

    def test_it_does_not_repeat_what_we_refuse(self):
        code, ids = self.tell([422])
        self.assertEqual((code, len(ids)), (1, 1))


class Python(ReceiverTests, unittest.TestCase):
    command = ["python3", str(DOCS / "vendor" / "receiver.py")]


class Java(ReceiverTests, unittest.TestCase):
    command = ["java", str(DOCS / "vendor" / "Receiver.java")]


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
