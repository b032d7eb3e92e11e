"""The plugin in a node of its own, driven by a test: see mail_courier.cpp."""
import json
import queue
import subprocess
import sys
import threading

COURIER, PLUGINS = sys.argv[1:3]
KEY = "0123456789abcdef0123456789abcdef"
WAIT_S = 30


class Courier:
    """The plugin in a node of its own."""

    def __init__(self, settings):
        self.process = subprocess.Popen([COURIER, PLUGINS], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, encoding="utf-8", bufsize=1)
        self.log, self.replies, self.taken, self.other = [], queue.Queue(), queue.Queue(), queue.Queue()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._read_log)]
        for thread in self.threads:
            thread.start()
        self._say(settings)
        self.first = self.other.get(timeout=WAIT_S)

    def _read(self):
        for line in self.process.stdout:
            said = json.loads(line)
            box = self.replies if "reply" in said else self.taken if "taken" in said else self.other
            box.put(said.get("reply") or said.get("taken") or said)

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line)

    def _say(self, what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def deliver(self, message_id, **payload):
        order = message_id.split(".")[0]
        self._say({"do": "deliver", "id": message_id, "order": order, "at": 1795342428, "payload": payload})

    def sent(self, message_id, **payload):
        self.deliver(message_id, **payload)
        return self.replies.get(timeout=WAIT_S)

    def answer_takes_with(self, answer):
        """It is so when this returns."""
        self._say({"do": "take", "answer": answer})
        said = self.other.get(timeout=WAIT_S)
        assert said == {"taking": answer}, said

    def stop(self):
        if self.process.poll() is None:
            self._say({"do": "stop"})
            self.process.stdin.close()
        self.process.wait(WAIT_S)
        for thread in self.threads:
            thread.join(WAIT_S)
        self.process.stdout.close()
        self.process.stderr.close()
