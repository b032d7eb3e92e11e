#!/usr/bin/env python3
"""A caller is verified by a whole node and real peers: by a Kannel whose centre is the SMPP server of npm, and by that server
directly; centre and node are killed on the way. What is configured is what config/sms and the pages of the plugins say.
"""
import os
import pathlib
import re
import sys
import unittest

DAEMON, SOURCE, NPM = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
sys.path.insert(0, str(SOURCE / "tests" / "contract" / "sms"))

from kannel import Kannel  # noqa: E402
from node import Node, plugin, shipped_plugin  # noqa: E402
from node_files import free_port  # noqa: E402
from peers import Centre, install, needed  # noqa: E402

CODES = plugin("sms_verification", "codes", key="0123456789abcdef" * 3, send_gap_seconds="0")
EXAMPLES = SOURCE / "config" / "sms"
SECRETS = {"KANNEL_PASSWORD": "gateway-pass", "SMS_REPORT_SECRET": "0123456789abcdef0123", "SMPP_PASSWORD": "smpp-pass-4711"}


class Verification(unittest.TestCase):
    def node(self, *plugins, **more):
        return Node(self, DAEMON, SOURCE, [CODES, *plugins], ["data_change"], 'sms="sms" sms_signature="安居客服"',
                    environment=SECRETS, **more)

    def open_change(self, node, number):
        order = node.ask("POST", "/v1/orders", "agent1",
                         {"kind": "data_change", "phone": number,
                          "fields": {"subject": "customer", "item": "email", "new_value": "a@example.com"}})
        return order["id"]

    def begin(self, node, order):
        begun = node.ask("POST", "/v1/verifications", "agent1", {"order": order, "purpose": "data_change"})
        self.assertEqual((begun["answer"], begun["state"]), ("sent", "pending"))
        return begun["id"]

    def read_out(self, submit, number):
        """The code, from what the centre has for the telephone."""
        self.assertTrue(submit["to"].endswith(number), submit)
        found = re.match(r"【安居客服】您的验证码是(\d{6})，10分钟内有效", submit["text"])
        self.assertTrue(found, submit["text"])
        return found.group(1)

    def until_delivery(self, node, verification, state):
        node.until(lambda: node.ask("GET", f"/v1/verifications/{verification}", "agent1")["delivery"] == state,
                   f"delivery never becomes {state}")

    def check(self, node, verification, code):
        return node.ask("POST", f"/v1/verifications/{verification}/check", "agent1", {"code": code})["answer"]

    def verified(self, node, verification, order, code):
        wrong = "000000" if code != "000000" else "000001"
        self.assertEqual(self.check(node, verification, wrong), "not_passed")
        self.assertEqual(self.check(node, verification, code), "passed")
        self.assertEqual(node.ask("GET", f"/v1/orders/{order}", "agent1")["state"], "verified")
        self.assertEqual(node.ask("POST", f"/v1/orders/{order}/change", "agent1", {})["state"], "changed")
        for action in ("verification_sent", "verification_wrong", "verification_passed", "change"):
            self.assertEqual(len([each for each in node.history(order) if each["action"] == action]), 1, action)
        kept = re.search(rb"(?<![0-9A-Za-z-])" + code.encode() + rb"(?![0-9A-Za-z-])", node.everything_kept())
        self.assertIsNone(kept, "no code is kept anywhere")

    def test_by_a_gateway_from_the_request_to_the_changed_data(self):
        centre = Centre(self, NPM)
        centre.order(mode="receipts")
        kannel = Kannel(self, centre, user="citybridge", password=SECRETS["KANNEL_PASSWORD"])
        port = free_port()
        node = self.node(shipped_plugin(EXAMPLES / "kannel.xml",
                                        url=("http://127.0.0.1:13013/cgi-bin/sendsms", kannel.url),
                                        hook=("http://127.0.0.1:8080/", f"http://127.0.0.1:{port}/")), port=port)
        order = self.open_change(node, "13800138000")
        verification = self.begin(node, order)
        code = self.read_out(centre.until("submit"), "8613800138000")
        self.until_delivery(node, verification, "delivered")
        reported = node.until_history(order, "sms_delivered")
        self.assertEqual(len(reported), 1, "Kannel reports every step; what is final is told once")
        self.verified(node, verification, order, code)

        # A centre behind it that refuses the number: the order says so, and the agent what to do.
        refused = self.open_change(node, "13800138001")
        centre.order(mode="refuse")
        verification = self.begin(node, refused)
        centre.until("submit")
        self.until_delivery(node, verification, "undelivered")
        node.until_history(refused, "sms_undelivered")
        self.assertEqual(node.ask("GET", f"/v1/verifications/{verification}", "agent1")["next"], "resend_possible")

    def smpp(self, centre, **more):
        return shipped_plugin(EXAMPLES / "smpp_centre.xml", host=("10.0.0.20", "127.0.0.1"), name=("citybridge</", "city</"),
                              port=("2775", str(centre.port)),
                              wait=("<window>", "<reconnect_min_ms>50</reconnect_min_ms>"
                                                "<reconnect_max_ms>200</reconnect_max_ms><window>"), **more)

    def test_by_a_centre_that_is_killed_before_it_reports(self):
        centre = Centre(self, NPM, password=SECRETS["SMPP_PASSWORD"])
        node = self.node(self.smpp(centre))
        self.assertTrue(centre.until("bind")["good"])
        node.until_said("sms", "smpp.bound")
        order = self.open_change(node, "13800138002")
        verification = self.begin(node, order)
        submit = centre.until("submit")
        code = self.read_out(submit, "8613800138002")
        self.until_delivery(node, verification, "accepted")
        centre.end()  # kill -9
        centre = Centre(self, NPM, password=SECRETS["SMPP_PASSWORD"], port=centre.port)
        self.assertTrue(centre.until("bind")["good"])
        centre.order(receipt={"id": submit["submit"], "stat": "DELIVRD"})
        self.assertEqual(centre.until("receipt_answer")["receipt_answer"], 0)
        node.until_history(order, "sms_delivered")
        self.verified(node, verification, order, code)

        # Killed before it answered: nobody knows, a person decides, and the second message carries the same code.
        order = self.open_change(node, "13800138003")
        centre.order(mode="silent")
        verification = self.begin(node, order)
        code = self.read_out(centre.until("submit"), "8613800138003")
        centre.end()
        node.until_outbox(verification + ".1.sms", state="possibly_done")
        unclear = node.ask("GET", f"/v1/verifications/{verification}", "agent1")
        self.assertEqual((unclear["delivery"], unclear["next"]), ("unclear", "resend_possible"))
        centre = Centre(self, NPM, password=SECRETS["SMPP_PASSWORD"], port=centre.port)
        self.assertTrue(centre.until("bind")["good"])
        node.ask("POST", f"/v1/verifications/{verification}/resend", "agent1", {})
        self.assertEqual(self.read_out(centre.until("submit"), "8613800138003"), code)
        node.until_history(order, "possibly_repeated")

        # The node is killed between the answer and the receipt: its store knows the centre's number of the message.
        order = self.open_change(node, "13800138004")
        verification = self.begin(node, order)
        submit = centre.until("submit")
        self.until_delivery(node, verification, "accepted")
        node.kill()
        node.start()
        self.assertTrue(centre.until("bind")["good"])
        centre.order(receipt={"id": submit["submit"], "stat": "UNDELIV"})
        self.assertEqual(centre.until("receipt_answer")["receipt_answer"], 0)
        node.until_history(order, "sms_undelivered")
        self.until_delivery(node, verification, "undelivered")

    def test_a_wrong_password_is_shown_by_the_node_once(self):
        centre = Centre(self, NPM, password="another")
        node = self.node(self.smpp(centre))
        self.assertFalse(centre.until("bind")["good"])
        node.until_said("sms", "smpp.bind_refused")
        said = node.said("sms")
        self.assertEqual(said["level"], "error")
        verification = self.begin(node, self.open_change(node, "13800138005"))
        node.until_outbox(verification + ".1.sms", last_code="smpp.bind_refused")
        self.assertEqual(node.log().count("smpp.bind_refused:"), 1, "told once, and not hammered")
        self.assertEqual(node.troubles("sms", "smpp.bind_refused"), 1)
        self.assertEqual(centre.rest("bind"), [])
        self.assertNotIn(SECRETS["SMPP_PASSWORD"].encode(), node.everything_kept() + str(said).encode())


if __name__ == "__main__":
    for program in ("bearerbox", "smsbox"):
        needed(program, "kannel")
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    install(NPM)
    unittest.main(argv=sys.argv[:1])
