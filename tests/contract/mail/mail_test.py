#!/usr/bin/env python3
"""The e-mail plugin against postfix and dovecot: sent by submission, answered by a
mail client, read by POP3S and by IMAPS; and what must not happen."""
import email
import email.message
import email.policy
import imaplib
import json
import re
import sys
import time
import unittest

from courier import KEY, Courier
from mail_servers import DOMAIN, USERS, WAIT_S, MailServers

SUBJECT = "投诉：王女士，朝阳区三居室漏水，第二次来电，请三十分钟内联系客户 👩‍💻 order 4711"
TEXT = "请在30分钟内联系客户。\n.\n..two dots\n谢谢。\n"


class MailTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = MailServers()
        cls.addClassCleanup(cls.servers.remove)
        cls.number = 0

    def setUp(self):
        self.servers.empty("reply")

    def new_id(self):
        MailTests.number += 1
        return f"ord_0190a1b2-c3d4-7e5f-8a9b-{MailTests.number:012x}.5.mail.t1"

    def settings(self, **more):
        return {"host": "localhost", "port": str(self.servers.ports["submission"]), "ca_file": self.servers.ca_file,
                "user": f"desk@{DOMAIN}", "password": USERS["desk"], "from": f"desk@{DOMAIN}",
                "from_name": "北京服务中心", "reply_to": f"reply@{DOMAIN}", "confirm_key": KEY, **more}

    def reading(self, way, **more):
        port = self.servers.ports["imaps" if way == "imap" else "pop3s"]
        return self.settings(read=way, read_host="localhost", read_port=str(port), read_user=f"reply@{DOMAIN}",
                             read_password=USERS["reply"], read_every_s="1", **more)

    def courier(self, settings):
        courier = Courier(settings)
        self.addCleanup(courier.stop)
        self.assertIn("ready", courier.first)
        return courier

    def mail_of(self, user, message_id, count=1):
        """The mails with this outbox id in their Message-ID, as soon as there are so many."""
        until = time.monotonic() + WAIT_S
        while True:
            found = [email.message_from_bytes(each, policy=email.policy.default) for each in self.servers.mails(user)]
            found = [each for each in found if message_id in each.get("Message-ID", "")]
            if len(found) >= count:
                return found
            self.assertLess(time.monotonic(), until, self.servers.logs())
            time.sleep(0.05)

    def reply_to(self, mail, text="收到，马上处理。", **headers):
        answer = email.message.EmailMessage()
        answer["From"] = f"王经理 <quality@{DOMAIN}>"
        answer["To"] = mail["Reply-To"]
        answer["Subject"] = "回复：" + mail["Subject"]
        answer["Message-ID"] = f"<{time.monotonic_ns()}@client.test>"
        answer["In-Reply-To"] = answer["References"] = mail["Message-ID"]
        for name, value in headers.items():
            del answer[name.replace("_", "-")]
            answer[name.replace("_", "-")] = value
        answer.set_content(text)
        return answer

    def send_reply(self, answer):
        address = answer["To"].addresses[0].addr_spec
        self.servers.answer("quality", address, answer)

    def nothing_more(self, courier):
        """Nothing is taken besides: proven by an unrelated mail sent last."""
        marker = f"last{time.monotonic_ns()}@client.test"
        last = email.message.EmailMessage()
        last["From"], last["To"], last["Message-ID"] = marker, f"reply@{DOMAIN}", f"<{marker}>"
        last.set_content("x")
        self.servers.answer("quality", f"reply@{DOMAIN}", last)
        seen = []
        while True:
            taken = courier.taken.get(timeout=WAIT_S)
            if taken["data"]["from"] == marker:
                return seen
            seen.append(taken)

    def test_a_mail_arrives_as_it_was_meant(self):
        courier = self.courier(self.settings())
        message_id = self.new_id()
        reply = courier.sent(message_id, to=f"quality@{DOMAIN}", name="王经理, 质量部", subject=SUBJECT, text=TEXT,
                             html="<p>请在30分钟内联系客户。</p>", confirm=True,
                             attachments=[{"name": "十一月报表 最终版.csv", "type": "text/csv", "base64": "YSxiDQo="}])
        self.assertEqual((reply["outcome"], reply["code"]), ("delivered", ""))
        self.wait_for_servers_log(reply["external_id"])
        self.assertIn("ESMTPSA", str(self.mail_of("quality", message_id)[0]["Received"]))
        # Read by a mail client.
        with imaplib.IMAP4_SSL("localhost", self.servers.ports["imaps"], ssl_context=self.servers.tls()) as client:
            client.login(f"quality@{DOMAIN}", USERS["quality"])
            client.select("INBOX")
            found = client.search(None, "HEADER", "Message-ID", message_id)[1][0].split()
            raw = client.fetch(found[0], "(RFC822)")[1][0][1]
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        self.assertEqual(mail.defects, [])
        self.assertEqual(mail["Subject"], SUBJECT)
        self.assertEqual(mail["From"].addresses[0].display_name, "北京服务中心")
        self.assertEqual(mail["To"].addresses[0].display_name, "王经理, 质量部")
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(mail.get_body(("plain",)).get_content().replace("\r\n", "\n"), TEXT)
        self.assertEqual(mail.get_body(("html",)).get_content().strip(), "<p>请在30分钟内联系客户。</p>")
        attached = list(mail.iter_attachments())
        self.assertEqual([each.get_filename() for each in attached], ["十一月报表 最终版.csv"])
        self.assertEqual(attached[0].get_payload(decode=True), b"a,b\r\n")
        self.assertTrue(mail["Reply-To"].addresses[0].username.startswith("reply+cb"))

    def test_text_in_ascii_keeps_its_dots(self):
        courier = self.courier(self.settings(tls="implicit", port=str(self.servers.ports["smtps"])))
        message_id = self.new_id()
        text = ".\n..\n.a\nend.\n.\n"
        self.assertEqual(courier.sent(message_id, to=f"quality@{DOMAIN}", subject="dots", text=text)["outcome"],
                         "delivered")
        self.assertEqual(self.mail_of("quality", message_id)[0].get_content(), text)

    def confirmed_by(self, way):
        courier = self.courier(self.reading(way))
        message_id = self.new_id()
        courier.sent(message_id, to=f"quality@{DOMAIN}", subject=SUBJECT, text=TEXT, confirm=True)
        mail = self.mail_of("quality", message_id)[0]
        answer = self.reply_to(mail)
        self.send_reply(answer)
        taken = courier.taken.get(timeout=WAIT_S)
        self.assertEqual((taken["source"], taken["type"]), ("mail", "mail.confirmed"))
        data = taken["data"]
        self.assertEqual((data["message"], data["order"]), (message_id, message_id.split(".")[0]))
        self.assertEqual(data["from"], f"quality@{DOMAIN}")
        self.assertEqual(data["text"], "收到，马上处理。")
        self.assertIn("投诉", data["subject"])
        # The same mail once more is the same message to the node; it is offered under the same id.
        self.send_reply(answer)
        again = courier.taken.get(timeout=WAIT_S)
        self.assertEqual((again["id"], again["type"]), (taken["id"], "mail.confirmed"))
        self.assertEqual(self.nothing_more(courier), [])
        token = re.search(r"cb[a-z2-7]{26,}", str(mail["Reply-To"])).group(0)
        said = json.dumps([taken, again]) + "".join(courier.log)
        self.assertNotIn(token, said)
        self.assertNotIn(token[5:], said)
        return courier, message_id

    def emptied(self, user):
        until = time.monotonic() + WAIT_S
        while any(b"last" not in mail.split(b"\n\n")[0] for mail in self.servers.mails(user)):
            self.assertLess(time.monotonic(), until, self.servers.logs())
            time.sleep(0.05)

    def test_a_reply_read_by_pop3_confirms_once_and_is_removed(self):
        self.confirmed_by("pop3")
        self.emptied("reply")

    def test_a_reply_read_by_imap_confirms_once_and_is_moved(self):
        _, message_id = self.confirmed_by("imap")
        self.emptied("reply")
        with imaplib.IMAP4_SSL("localhost", self.servers.ports["imaps"], ssl_context=self.servers.tls()) as client:
            client.login(f"reply@{DOMAIN}", USERS["reply"])
            self.assertEqual(client.select("CityBridge")[0], "OK")
            self.assertEqual(len(client.search(None, "HEADER", "In-Reply-To", message_id)[1][0].split()), 2)

    def test_a_mail_stays_in_the_mailbox_until_the_node_has_it(self):
        for way in ("pop3", "imap"):
            courier = self.courier(self.reading(way))
            courier.answer_takes_with("later")
            message_id = self.new_id()
            courier.sent(message_id, to=f"quality@{DOMAIN}", subject="x", text="y", confirm=True)
            self.send_reply(self.reply_to(self.mail_of("quality", message_id)[0]))
            first, second = (courier.taken.get(timeout=WAIT_S) for _ in range(2))
            self.assertEqual(first["id"], second["id"])
            courier.stop()
            courier = self.courier(self.reading(way))
            self.assertEqual(courier.taken.get(timeout=WAIT_S)["id"], first["id"])
            self.emptied("reply")
            courier.stop()

    def test_what_does_not_confirm(self):
        courier = self.courier(self.reading("imap"))
        message_id = self.new_id()
        courier.sent(message_id, to=f"quality@{DOMAIN}", subject="x", text="y", confirm=True)
        mail = self.mail_of("quality", message_id)[0]
        machines = ({"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}, {"Precedence": "auto_reply"},
                    {"Subject": "自动回复：我在休假"})
        for headers in machines:
            self.send_reply(self.reply_to(mail, **headers))
        for _ in machines:
            taken = courier.taken.get(timeout=WAIT_S)
            self.assertEqual((taken["type"], taken["data"]["message"]), ("mail.auto_reply", message_id), taken)
        real = mail["Reply-To"].addresses[0].username
        forgeries = (real[:-1] + ("a" if real[-1] != "a" else "b"), real[:20] + "aaaa" + real[24:], "reply")
        for forged in forgeries:
            self.send_reply(self.reply_to(mail, To=f"{forged}@{DOMAIN}", In_Reply_To="<x@y>", References="<x@y>"))
        for _ in forgeries:
            taken = courier.taken.get(timeout=WAIT_S)
            self.assertEqual((taken["type"], taken["data"]["message"], taken["data"]["text"]), ("mail.unrelated", "", ""))
        # The id of the mail alone is no secret, and no proof.
        self.send_reply(self.reply_to(mail, To=f"reply@{DOMAIN}", In_Reply_To=f"<{message_id}@{DOMAIN}>",
                                      References=f"<{message_id}@{DOMAIN}>"))
        self.assertEqual(courier.taken.get(timeout=WAIT_S)["type"], "mail.unrelated")
        # A reply that lost the address but kept the thread is one.
        self.send_reply(self.reply_to(mail, To=f"reply@{DOMAIN}"))
        self.assertEqual(courier.taken.get(timeout=WAIT_S)["type"], "mail.confirmed")

    def test_a_mail_to_nobody_comes_back_as_a_bounce(self):
        for way in ("pop3", "imap"):
            courier = self.courier(self.reading(way))
            message_id = self.new_id()
            reply = courier.sent(message_id, to=f"nobody.here@{DOMAIN}", subject=SUBJECT, text=TEXT, confirm=True)
            self.assertEqual(reply["outcome"], "delivered")
            taken = courier.taken.get(timeout=WAIT_S)
            self.assertEqual((taken["type"], taken["data"]["message"], taken["data"]["status"]),
                             ("mail.bounced", message_id, "5.1.1"))
            self.emptied("reply")
            courier.stop()

    def test_without_sub_addresses_subject_and_thread_carry_the_token(self):
        courier = self.courier(self.reading("pop3", sub_addresses="off"))
        message_id = self.new_id()
        courier.sent(message_id, to=f"quality@{DOMAIN}", subject="投诉", text="y", confirm=True)
        mail = self.mail_of("quality", message_id)[0]
        self.assertEqual(mail["Reply-To"].addresses[0].addr_spec, f"reply@{DOMAIN}")
        self.send_reply(self.reply_to(mail, In_Reply_To="<x@y>", References="<x@y>"))
        taken = courier.taken.get(timeout=WAIT_S)
        self.assertEqual((taken["type"], taken["data"]["message"]), ("mail.confirmed", message_id))
        bounced = self.new_id()
        courier.sent(bounced, to=f"nobody.here@{DOMAIN}", subject="x", text="y", confirm=True)
        taken = courier.taken.get(timeout=WAIT_S)
        self.assertEqual((taken["type"], taken["data"]["message"]), ("mail.bounced", bounced))

    def test_what_the_server_says_of_a_mail(self):
        courier = self.courier(self.settings())
        for who, outcome, code in (("refused", "refused", "email.refused"), ("later", "not_done", "email.temporary")):
            reply = courier.sent(self.new_id(), to=f"{who}@{DOMAIN}", subject="x", text="y")
            self.assertEqual((reply["outcome"], reply["code"]), (outcome, code), reply)
        reply = courier.sent(self.new_id(), to="a@b\r\nRCPT TO:<quality@city.test>", subject="x", text="y")
        self.assertEqual((reply["outcome"], reply["code"]), ("refused", "email.bad_address"))
        self.assertEqual(courier.sent(self.new_id(), to=f"quality@{DOMAIN}", subject="x", text="y")["outcome"],
                         "delivered")
        self.wait_for_servers_log("sasl_username")

    def test_no_mail_without_the_right_certificate(self):
        other = str(self.servers.root / "tls" / "other.pem")
        for settings in ({"port": str(self.servers.ports["wrong"])}, {"ca_file": other},
                         {"port": str(self.servers.ports["smtps"]), "tls": "implicit", "ca_file": other}):
            courier = self.courier(self.settings(**settings))
            reply = courier.sent(self.new_id(), to=f"quality@{DOMAIN}", subject="x", text="y")
            self.assertEqual((reply["outcome"], reply["code"]), ("not_done", "email.tls"), reply)
            courier.stop()
        for way in ("pop3", "imap"):
            courier = self.courier(self.reading(way, read_ca_file=other))
            self.wait_for_log(courier, "email.read_tls")
            courier.stop()

    def test_no_mail_without_starttls(self):
        courier = self.courier(self.settings(port=str(self.servers.ports["clear"])))
        before = self.settled_logs().count("sasl_username")
        reply = courier.sent(self.new_id(), to=f"quality@{DOMAIN}", subject="x", text="y")
        self.assertEqual((reply["outcome"], reply["code"]), ("not_done", "email.no_starttls"), reply)
        self.assertEqual(self.settled_logs().count("sasl_username"), before, "nothing was said in clear")

    def wait_for_log(self, courier, word):
        until = time.monotonic() + WAIT_S
        while not any(word in line for line in courier.log):
            self.assertLess(time.monotonic(), until, courier.log)
            time.sleep(0.05)

    def wait_for_servers_log(self, word):
        """postfix and dovecot write their logs by other processes than those that answer."""
        until = time.monotonic() + WAIT_S
        while word not in self.servers.logs():
            self.assertLess(time.monotonic(), until, f"{word} is not in: {self.servers.logs()}")
            time.sleep(0.05)

    def settled_logs(self):
        """The servers' logs when no line of what happened before is still on its way."""
        while True:
            logs = self.servers.logs()
            time.sleep(0.5)
            if self.servers.logs() == logs:
                return logs

    def wait_for_failed_logins(self, count):
        until = time.monotonic() + WAIT_S
        while self.failed_logins() < count:
            self.assertLess(time.monotonic(), until, self.servers.logs())
            time.sleep(0.05)

    def failed_logins(self):
        return len(re.findall(r"authentication failed|auth failed", self.servers.logs()))

    def test_a_wrong_password_is_told_once_and_not_tried_again_and_again(self):
        before = self.failed_logins()
        courier = self.courier(self.settings(password="wrong-secret", sessions="4"))
        for number in range(20):
            courier.deliver(self.new_id(), to=f"quality@{DOMAIN}", subject="x", text="y")
        replies = [courier.replies.get(timeout=WAIT_S) for _ in range(20)]
        self.assertEqual({(each["outcome"], each["code"]) for each in replies}, {("not_done", "email.login_refused")})
        self.assertTrue(all(each["retry_after_ms"] > 800_000 for each in replies), replies)
        # The answers come by another pipe than the log: only after the end has all of it been read.
        courier.stop()
        self.assertEqual(sum("email.login_refused" in line for line in courier.log), 1, courier.log)
        self.wait_for_failed_logins(before + 1)
        self.settled_logs()
        self.assertEqual(self.failed_logins() - before, 1, self.servers.logs())
        self.assertNotIn("wrong-secret", "".join(courier.log) + json.dumps(replies))

    def test_a_wrong_password_of_the_mailbox_is_tried_once(self):
        before = self.failed_logins()
        couriers = [self.courier({**self.reading(way), "read_password": "wrong-secret"}) for way in ("pop3", "imap")]
        for courier in couriers:
            self.wait_for_log(courier, "email.read_login_refused")
        time.sleep(2.2)  # two more looks were due
        for courier in couriers:
            self.assertEqual(sum("email.read_login_refused" in line for line in courier.log), 1, courier.log)
            self.assertNotIn("wrong-secret", "".join(courier.log))
        self.wait_for_failed_logins(before + 2)
        self.assertEqual(self.failed_logins() - before, 2, self.servers.logs())

    def test_a_server_that_dies_and_comes_back(self):
        courier = self.courier(self.reading("imap"))
        message_id = self.new_id()
        payload = {"to": f"quality@{DOMAIN}", "subject": "x", "text": "y", "confirm": True}
        self.assertEqual(courier.sent(self.new_id(), **payload)["outcome"], "delivered")
        self.servers.kill()
        reply = courier.sent(message_id, **payload)
        self.assertEqual((reply["outcome"], reply["code"]), ("not_done", "email.no_connection"), reply)
        self.wait_for_log(courier, "email.read_failed")
        self.servers.start()
        self.assertEqual(courier.sent(message_id, **payload)["outcome"], "delivered")
        self.send_reply(self.reply_to(self.mail_of("quality", message_id)[0]))
        self.assertEqual(courier.taken.get(timeout=WAIT_S)["data"]["message"], message_id)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
