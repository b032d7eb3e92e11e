#!/usr/bin/env python3
"""plugins/sms_smpp, loaded as the node loads it, against the SMPP server of npm."""
import pathlib
import sys
import time
import unittest

from peers import Centre, Courier, install

COURIER, PLUGINS, NPM = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
TO = "+8613800000000"
GSM = "Your code is 123456. {Euro: €} @ÄÖÜäöüß"
CHINESE = "【安居】您的验证码是123456，10分钟内有效。😀"


class Smpp(unittest.TestCase):
    def start(self, **more):
        self.centre = Centre(self, NPM)
        self.connect(**more)

    def connect(self, wait=True, **more):
        settings = {"host": "127.0.0.1", "port": str(self.centre.port), "system_id": "city", "password": "secret",
                    "reconnect_min_ms": "50", "reconnect_max_ms": "200", "source_address": "10690000", **more}
        self.courier = Courier(self, COURIER, PLUGINS, "sms_smpp", settings)
        if wait:
            self.assertTrue(self.centre.until("bind")["good"])
            self.ready()

    def ready(self):
        """The session is up when a message is taken; before that it is certainly not done."""
        for attempt in range(2000):
            reply = self.courier.carry(f"ready.{attempt}", TO, "ready")
            if reply["outcome"] == "delivered":
                self.centre.until("submit")
                return
            self.assertEqual(reply["outcome"], "not_done", reply)
            time.sleep(0.03)
        self.fail("no session")

    def test_texts_arrive_as_they_were_written(self):
        self.start()
        texts = [(GSM, 0, 1), (CHINESE, 8, 1), ("x" * 160, 0, 1), ("码" * 70, 8, 1),
                 ("0123456789" * 40, 0, 3), (CHINESE * 5, 8, 3), ("a" * 152 + "€" + "c" * 153, 0, 3)]
        for number, (text, coding, parts) in enumerate(texts):
            reply = self.courier.carry(f"m{number}", TO, text)
            self.assertEqual(reply["outcome"], "delivered", reply)
            submits = sorted((self.centre.until("submit") for _ in range(parts)), key=lambda each: each["header"])
            self.assertEqual("".join(each["text"] for each in submits), text)
            for index, each in enumerate(submits):
                self.assertEqual((each["to"], each["ton"], each["from"]), ("8613800000000", 1, "10690000"))
                self.assertEqual((each["data_coding"], each["registered_delivery"]), (coding, 1))
                self.assertEqual(each["esm_class"], 0x40 if parts > 1 else 0)
                if parts > 1:
                    self.assertEqual(each["header"][0][:4], "0003")
                    self.assertEqual(each["header"][0][6:], f"{parts:02x}{index + 1:02x}")
            self.assertIn(reply["external_id"], [each["submit"] for each in submits])

    def test_receipts_reach_the_node_before_the_centre_hears_of_it(self):
        self.start()
        for number, (stat, state) in enumerate([("DELIVRD", "delivered"), ("UNDELIV", "undelivered"),
                                                ("EXPIRED", "expired"), ("REJECTD", "rejected")]):
            sent = self.courier.carry(f"m{number}", TO, "hello")
            self.centre.order(receipt={"id": sent["external_id"], "stat": stat})
            taken = self.courier.until("taken")["taken"]
            self.assertEqual(taken["type"], "sms.report")
            self.assertEqual((taken["data"]["external_id"], taken["data"]["message"], taken["data"]["state"]),
                             (sent["external_id"], f"m{number}", state))
            self.assertEqual(self.centre.until("receipt_answer")["receipt_answer"], 0)
        sent = self.courier.carry("tlv", TO, "hello")
        self.centre.order(receipt_by_tlv={"id": sent["external_id"], "state": 2})
        self.assertEqual(self.courier.until("taken")["taken"]["data"]["state"], "delivered")
        self.centre.until("receipt_answer")
        for answer, status in (("node.busy", 0x64), ("hook.not_understood", 0x66), ("ok", 0)):
            self.courier.take_with(answer)
            self.centre.order(receipt={"id": sent["external_id"], "stat": "DELIVRD"})
            self.courier.until("taken")
            self.assertEqual(self.centre.until("receipt_answer")["receipt_answer"], status)
        self.centre.order(receipt={"id": "1", "stat": "DELIVRD", "esm_class": 0})
        self.assertEqual(self.centre.until("receipt_answer")["receipt_answer"], 0x66)
        self.assertEqual(self.courier.rest("taken"), [], "a person's message is no receipt")

    def test_a_centre_that_wants_it_slower_gets_it_slower_and_loses_nothing(self):
        self.start(throttle_min_ms="50", throttle_max_ms="200")
        self.centre.order(mode="throttle")
        reply = self.courier.carry("m1", TO, "hello")
        self.assertEqual((reply["outcome"], reply["code"]), ("not_done", "smpp.throttled"))
        self.centre.order(mode="ok")
        self.assertEqual(self.courier.carry("m1", TO, "hello")["outcome"], "delivered")
        self.centre.order(mode="refuse")
        self.assertEqual(self.courier.carry("m2", TO, "hello")["outcome"], "refused")

    def test_a_centre_that_dies_and_comes_back_is_found_again(self):
        self.start()
        self.centre.order(mode="silent")
        self.courier.deliver(("lost", TO, "hello"))
        self.centre.until("submit")
        self.centre.end()
        reply = self.courier.until("reply")
        self.assertEqual((reply["reply"], reply["outcome"], reply["code"]), ("lost", "unclear", "smpp.link_lost"))
        self.assertEqual(self.courier.carry("down", TO, "hello")["outcome"], "not_done")
        self.centre = Centre(self, NPM, port=self.centre.port)
        self.assertTrue(self.centre.until("bind")["good"])
        self.ready()

    def test_a_silent_centre_is_left(self):
        self.start(answer_timeout_ms="2000", enquire_link_ms="1000")
        self.centre.order(mode="silent")
        reply = self.courier.carry("m1", TO, "hello")
        self.assertEqual((reply["outcome"], reply["code"]), ("unclear", "smpp.no_answer"))
        self.centre.until("closed")
        self.centre.order(mode="ok")
        self.assertTrue(self.centre.until("bind")["good"])
        self.ready()

    def test_a_wrong_password_is_told_once_and_not_hammered(self):
        self.centre = Centre(self, NPM)
        self.connect(wait=False, password="wrong-one")
        self.assertFalse(self.centre.until("bind")["good"])
        self.centre.until("closed")
        for attempt in range(5):
            reply = self.courier.carry(f"m{attempt}", TO, "hello")
        self.assertEqual((reply["outcome"], reply["code"]), ("not_done", "smpp.bind_refused"))
        # Twenty times the wait after any other failure.
        for _ in range(20):
            self.courier.carry("m", TO, "hello" * 10)
        self.assertEqual(self.centre.rest("bind"), [])
        told = [line for line in self.courier.errors if "smpp.bind_refused" in line]
        self.assertEqual(len(told), 1, told)
        self.assertNotIn("wrong-one", "".join(self.courier.errors))

    def test_good_bye_is_said(self):
        self.start()
        self.courier.process.stdin.close()
        self.assertEqual(self.courier.process.wait(60), 0)
        self.centre.until("unbind")


if __name__ == "__main__":
    install(NPM)
    unittest.main(argv=sys.argv[:1])
