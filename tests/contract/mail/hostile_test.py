#!/usr/bin/env python3
"""The e-mail plugin against servers that are slow, silent, lying or gone: what it
says of the mail must be true, and it must stop when it is told to."""
import socket
import sys
import threading
import time
import unittest

from courier import KEY, WAIT_S, Courier

MAIL = {"to": "quality@partner.example", "subject": "x", "text": "a\n.\nb\n"}


class Server:
    """SMTP in clear on loopback. `play(connection, number)` is run for each connection, with a file of its lines."""

    def __init__(self, play):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.play, self.connections, self.lines, self.threads = play, [], [], []
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    def _accept(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            self.connections.append(connection)
            thread = threading.Thread(target=self._run, args=(connection, len(self.connections)), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _run(self, connection, number):
        try:
            self.play(Talk(connection, self.lines), number)
        except (OSError, EOFError):
            pass
        finally:
            connection.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in (self.accepting, *self.threads):
            thread.join(WAIT_S)


class Talk:
    def __init__(self, connection, lines):
        self.connection, self.lines, self.reader = connection, lines, connection.makefile("rb")

    def say(self, text):
        self.connection.sendall(text.encode() + b"\r\n")

    def hear(self):
        line = self.reader.readline()
        if not line:
            raise EOFError
        self.lines.append(line)
        return line

    def greet(self, features=()):
        self.say("220 test")
        self.hear()
        for feature in features:
            self.say("250-" + feature)
        self.say("250 SIZE 1000000")

    def until_data(self):
        """One mail's commands up to 354."""
        while not self.hear().upper().startswith(b"DATA"):
            self.say("250 ok")
        self.say("354 go on")

    def mail(self):
        while self.hear() != b".\r\n":
            pass

    def hang(self):
        """Says nothing more; a session that says goodbye may go."""
        while b"QUIT" not in (heard := self.connection.recv(4096)) and heard:
            pass


class HostileTests(unittest.TestCase):
    def start(self, play, **more):
        server = Server(play)
        self.addCleanup(server.close)
        courier = Courier({"host": "127.0.0.1", "port": str(server.port), "tls": "none", "from": "desk@city.example",
                           "reply_to": "reply@city.example", "confirm_key": KEY, "sessions": "1", **more})
        self.addCleanup(courier.stop)
        self.assertIn("ready", courier.first)
        return server, courier

    def outcome(self, play, **more):
        _, courier = self.start(play, **more)
        reply = courier.sent("ord_1.1.mail", **MAIL)
        return reply["outcome"], reply["code"]

    def test_a_lost_answer_to_the_mails_end_is_unclear(self):
        def play(talk, _):
            talk.greet()
            talk.until_data()
            talk.mail()
        self.assertEqual(self.outcome(play), ("unclear", "email.lost_answer"))

    def test_a_server_that_thinks_too_long_about_the_mails_end_is_unclear(self):
        def play(talk, _):
            talk.greet()
            talk.until_data()
            talk.mail()
            talk.hang()
        self.assertEqual(self.outcome(play, timeout_ms="700"), ("unclear", "email.lost_answer"))

    def test_before_the_mail_nothing_is_unclear(self):
        def silent(talk, _):
            talk.hang()

        def hangs_up(talk, _):
            talk.greet()
            talk.hear()

        def slow(talk, _):
            for letter in "220 a very slow greeting that does not end in time":
                talk.connection.sendall(letter.encode())
                time.sleep(0.05)
            talk.hang()
        self.assertEqual(self.outcome(silent, timeout_ms="500"), ("not_done", "email.timeout"))
        self.assertEqual(self.outcome(slow, timeout_ms="500"), ("not_done", "email.timeout"))
        self.assertEqual(self.outcome(hangs_up), ("not_done", "email.closed_early"))

    def test_answers_are_taken_at_their_word(self):
        for answer, outcome in (("451 4.3.0 later", ("not_done", "email.temporary")),
                                ("552 5.2.2 mailbox full", ("refused", "email.refused")),
                                ("250 2.0.0 Ok: queued as 4F", ("delivered", ""))):
            def play(talk, _, answer=answer):
                talk.greet()
                talk.until_data()
                talk.mail()
                talk.say(answer)
                talk.hang()
            self.assertEqual(self.outcome(play), outcome, answer)

    def test_a_server_that_wants_nobody_refuses_no_mail(self):
        def play(talk, _):
            talk.say("554 go away")
            talk.hang()
        server, courier = self.start(play)
        for number in range(5):
            reply = courier.sent(f"ord_1.{number}.mail", **MAIL)
            self.assertEqual(reply["outcome"], "not_done", reply)
        self.assertEqual(len(server.connections), 1, "it is asked again much later")

    def test_without_an_offered_login_a_refusal_is_not_the_mails(self):
        def play(talk, _):
            talk.greet()
            talk.hear()
            talk.say("530 5.7.0 authentication required")
            talk.hang()
        self.assertEqual(self.outcome(play, user="u", password="p"), ("not_done", "email.login_refused"))

    def test_no_detail_shows_a_token(self):
        def play(talk, _):
            talk.greet()
            line = talk.hear().decode().strip()
            self.assertIn("+cb", line)
            talk.say("550 5.1.8 " + line + " rejected")
            talk.hang()
        _, courier = self.start(play)
        reply = courier.sent("ord_1.1.mail", confirm=True, **MAIL)
        self.assertEqual(reply["outcome"], "refused")
        self.assertIn("reply+[token]@city.example", reply["detail"])

    def test_a_session_is_used_again_and_opened_anew_when_the_server_ended_it(self):
        def play(talk, number):
            talk.greet()
            for _ in range(3 if number == 1 else 100):
                talk.until_data()
                talk.mail()
                talk.say("250 ok")
            talk.say("421 idle for too long")
        server, courier = self.start(play)
        for number in range(6):
            self.assertEqual(courier.sent(f"ord_1.{number}.mail", **MAIL)["outcome"], "delivered")
            time.sleep(0.05)
        self.assertEqual(len(server.connections), 2)
        self.assertEqual(server.lines.count(b"..\r\n"), 6, "RFC 5321, 4.5.2: each line that begins with a dot got another")

    def reading(self, way, server, **more):
        return {"host": "127.0.0.1", "tls": "none", "from": "desk@city.example", "confirm_key": KEY, "read": way,
                "read_host": "127.0.0.1", "read_port": str(server.port), "read_user": "u", "read_password": "p", **more}

    def test_a_mailbox_that_never_answers_is_given_up_and_told_once(self):
        for way in ("pop3", "imap"):
            server = Server(lambda talk, _: talk.hang())
            self.addCleanup(server.close)
            courier = Courier(self.reading(way, server, read_timeout_ms="300", read_every_s="1"))
            self.addCleanup(courier.stop)
            until = time.monotonic() + WAIT_S
            while len(server.connections) < 2:
                self.assertLess(time.monotonic(), until, courier.log)
                time.sleep(0.02)
            courier.stop()
            told = [line for line in courier.log if "email.read_" in line]
            self.assertEqual(len(told), 1, courier.log)
            self.assertIn("email.read_failed", told[0], "silence is no fault of TLS")

    def test_stop_does_not_wait_for_a_mailbox_that_never_answers(self):
        for way in ("pop3", "imap"):
            server = Server(lambda talk, _: talk.hang())
            self.addCleanup(server.close)
            courier = Courier(self.reading(way, server, read_timeout_ms="600000"))
            self.addCleanup(courier.stop)
            until = time.monotonic() + WAIT_S
            while not server.connections:
                self.assertLess(time.monotonic(), until, courier.log)
                time.sleep(0.02)
            courier.stop()
            self.assertFalse([line for line in courier.log if "stop_timeout" in line], courier.log)

    def test_stop_breaks_off_and_says_nothing_afterwards(self):
        def play(talk, _):
            talk.greet()
            talk.hear()
            talk.hang()
        _, courier = self.start(play, timeout_ms="600000")
        courier.deliver("ord_1.1.mail", **MAIL)
        courier.deliver("ord_1.2.mail", **MAIL)
        time.sleep(0.3)
        courier.stop()
        self.assertIn("stopped", courier.other.get(timeout=WAIT_S))
        self.assertFalse([line for line in courier.log if "stop_timeout" in line], courier.log)
        replies = [courier.replies.get_nowait() for _ in range(courier.replies.qsize())]
        self.assertTrue(all(each["outcome"] == "not_done" for each in replies), replies)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
