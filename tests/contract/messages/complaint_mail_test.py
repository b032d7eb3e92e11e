#!/usr/bin/env python3
"""A complaint whose department must confirm by mail that it has it (E3): a whole node, a real postfix and dovecot, and the
department's mail client. Servers are killed on the way.
"""
import email
import email.message
import email.policy
import pathlib
import sys
import time
import unittest

DAEMON, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path[:0] = [str(SOURCE / "tests" / "contract" / room) for room in ("sms", "mail")]

from mail_servers import DOMAIN, USERS, MailServers  # noqa: E402
from node import Node, plugin  # noqa: E402

KEY = "0123456789abcdef0123456789abcdef"


class ComplaintMail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.servers = MailServers()
        cls.addClassCleanup(cls.servers.remove)

    def setUp(self):
        for user in ("quality", "reply"):
            self.servers.empty(user)

    def node(self, **more):
        ports = self.servers.ports
        settings = {"host": "localhost", "port": ports["submission"], "ca_file": self.servers.ca_file,
                    "user": f"desk@{DOMAIN}", "password": USERS["desk"], "from": f"desk@{DOMAIN}",
                    "from_name": "北京服务中心", "reply_to": f"reply@{DOMAIN}", "confirm_key": KEY,
                    "retry_schedule": ", ".join(["300ms"] * 30), "jitter_percent": "0", "read": "imap",
                    "read_host": "localhost", "read_port": ports["imaps"], "read_user": f"reply@{DOMAIN}",
                    "read_password": USERS["reply"], "read_every_s": "1", **more}
        return Node(self, DAEMON, SOURCE, [plugin("email", "mail", **settings)], ["complaint"], 'email="mail"')

    def complain(self, node, number):
        return node.ask("POST", "/v1/orders", "chief",
                        {"kind": "complaint", "phone": number, "fields": {"category": "service", "matter": "漏水"}})["id"]

    def complain_again(self, node, number):
        """A complaint that was done is complained of again: it is reopened, and its department is told. Order, message."""
        order = self.complain(node, number)
        node.ask("POST", f"/v1/orders/{order}/finish", "chief", {"fields": {"result": "已修"}})
        self.assertEqual(self.complain(node, number), order)
        messages = node.ask("GET", f"/v1/admin/outbox?order={order}")["items"]
        return order, next(each["id"] for each in messages if each["kind"] == "tell_email")

    def arrived(self, node, message):
        def there():
            found = [email.message_from_bytes(each, policy=email.policy.default)
                     for each in self.servers.mails("quality")]
            return [each for each in found if message in each.get("Message-ID", "")]
        return node.until(there, "no mail: " + self.servers.logs())

    def answer(self, mail, text):
        answer = email.message.EmailMessage()
        answer["From"], answer["To"] = f"王经理 <quality@{DOMAIN}>", mail["Reply-To"]
        answer["Subject"] = "回复：" + mail["Subject"]
        answer["Message-ID"] = f"<{time.monotonic_ns()}@client.test>"
        answer["In-Reply-To"] = answer["References"] = mail["Message-ID"]
        answer.set_content(text)
        self.send(answer)
        return answer

    def send(self, answer):
        self.servers.answer("quality", answer["To"].addresses[0].addr_spec, answer)

    def waits_for_confirmation(self, node, order):
        deadlines = node.ask("GET", f"/v1/orders/{order}")["deadlines"]
        return len([each for each in deadlines if each["name"].startswith("confirm:") and each["state"] == "open"])

    def test_from_the_second_complaint_to_the_confirmation(self):
        node = self.node()
        self.servers.kill()
        order, message = self.complain_again(node, "13800138000")
        node.until_outbox(message, state="pending", last_code="email.no_connection")
        node.until(lambda: node.troubles("mail", "email.no_connection") == 1, "the trouble is not counted once")
        self.assertEqual(node.log().count("email.no_connection:"), 1, "told once, not with every attempt")
        self.servers.start()
        mail = self.arrived(node, message)[0]
        node.until_outbox(message, state="delivered")
        node.until(lambda: "email.sending:" in node.log(), "it is not told that mails go out again")
        self.assertEqual(mail["Subject"], f"投诉重新打开：{order}")
        self.assertIn("请回复本邮件确认收到", mail.get_content())
        self.assertEqual(node.until_history(order, "delivered")[0]["detail"]["message"], message)
        self.assertEqual(self.waits_for_confirmation(node, order), 1)

        self.servers.kill()
        self.servers.start()
        answer = self.answer(mail, "收到，明天处理。")
        confirmed = node.until_history(order, "mail_confirmed")[0]
        self.assertEqual((confirmed["text"].strip(), confirmed["detail"]["from"]), ("收到，明天处理。", f"quality@{DOMAIN}"))
        self.assertEqual(self.waits_for_confirmation(node, order), 0)

        # Once, whatever comes again; the node is killed and has forgotten what it read.
        node.kill()
        self.send(answer)
        node.start()
        self.answer(mail, "还有一件事")
        replies = node.until_history(order, "mail_reply")
        self.assertEqual([each["text"].strip() for each in replies], ["还有一件事"])
        self.assertEqual(len([each for each in node.history(order) if each["action"] == "mail_confirmed"]), 1)
        self.assertEqual(len(self.arrived(node, message)), 1, "one mail, whatever died")
        token = mail["Reply-To"].addresses[0].username.partition("+")[2]
        self.assertGreater(len(token), 26)
        self.assertNotIn(token[:26].encode(), node.everything_kept())

    def test_a_mail_that_comes_back_is_followed_by_the_telephone(self):
        node = self.node()
        boxes = self.servers.root / "postfix" / "boxes"
        with_all = boxes.read_text()
        self.servers.kill()
        boxes.write_text("".join(line for line in with_all.splitlines(True) if not line.startswith("quality@")))
        self.servers.start()
        order, message = self.complain_again(node, "13800138001")
        bounced = node.until_history(order, "mail_bounced")[0]
        self.assertEqual((bounced["detail"]["message"], bounced["detail"]["status"]), (message, "5.1.1"))
        self.assertEqual(bounced["detail"]["next_channel"], "phone")
        told = [each for user in ("chief", "lead") for each in node.ask("GET", "/v1/tellings", user)["items"]
                if each["order"] == order and each["channel"] == "phone"]
        self.assertEqual([(each["to_person"], each["to_acknowledge"]) for each in told], [("王经理", True)])
        self.servers.kill()
        boxes.write_text(with_all)
        self.servers.start()

    def test_a_wrong_password_and_a_wrong_certificate_are_shown_once(self):
        for settings, code in (({"password": "wrong-secret"}, "email.login_refused"),
                               ({"port": self.servers.ports["wrong"]}, "email.tls"),
                               ({"read_password": "wrong-secret"}, "email.read_login_refused")):
            node = self.node(**settings)
            if "read" not in code:
                _, message = self.complain_again(node, "13800138002")
                node.until_outbox(message, state="pending", last_code=code)
            node.until_said("mail", code)
            self.assertEqual(node.said("mail")["level"], "error")
            self.assertEqual(node.troubles("mail", code), 1)
            self.assertEqual(node.log().count(code + ":"), 1, node.log())
            self.assertNotIn(b"wrong-secret", node.everything_kept() + str(node.said("mail")).encode())
            node.kill()
        self.assertEqual(self.servers.mails("quality"), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
