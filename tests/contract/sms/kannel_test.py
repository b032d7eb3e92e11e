#!/usr/bin/env python3
"""plugins/sms_http, loaded as the node loads it, against a real Kannel, whose centre is the SMPP server of npm."""
import http.server
import os
import pathlib
import queue
import sys
import threading
import unittest

from kannel import Kannel
from node_files import free_port  # kannel knows where it is
from peers import Centre, Courier, install, needed

COURIER, PLUGINS, NPM = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
TO = "+8613800000000"
CHINESE = "【安居】您的验证码是123456，10分钟内有效。"


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


class KannelTest(unittest.TestCase):
    def setUp(self):
        self.centre = Centre(self, NPM)
        self.centre.order(mode="receipts")
        self.hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        self.hook.arrived = queue.Queue()
        threading.Thread(target=self.hook.serve_forever, daemon=True).start()
        self.addCleanup(self.hook.server_close)
        self.addCleanup(self.hook.shutdown)

    def settings(self, **more):
        hook = f"http://127.0.0.1:{self.hook.server_port}/v1/hooks/sms?id={{id:url}}&token={{report_token}}&state=%d&code=%A"
        return {"url": self.kannel.url, "method": "GET", "send_as": "query",
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
        self.kannel = Kannel(self, self.centre)
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
                # Kannel tells each part of a message; those of the one before may come late.
                if report["data"]["message"] in {f"ver_{earlier}.1.sms" for earlier in range(number)}:
                    continue
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
