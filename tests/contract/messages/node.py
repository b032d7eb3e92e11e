"""A whole node as a process of its own: citybridged with a store, flows and a directory in a temporary folder, asked over
its API, killed and started again.
"""
import http.client
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from node_files import CALENDAR, free_port, users  # noqa: E402

WAIT_S = 60
ROLES = {"agent1": "agent", "lead": "team_lead", "chief": "supervisor", "admin": "admin"}

DIRECTORY = """<directory>
  <entry name="customer_service" title="客户服务部"><person name="王经理" office="010-60000300" email="quality@city.test"/></entry>
  <entry name="customer_service_supervisor" title="客服主管"><person name="吴主管" mobile="13900000302"/></entry>
</directory>"""


def shipped_plugin(file, **replaced):
    """The plugin's element of an example in config/, with some of its words replaced."""
    text = re.search(r"<plugin .*</plugin>", file.read_text(encoding="utf-8"), re.S).group(0)
    for old, new in replaced.values():
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new)
    return text


def plugin(library, name, **settings):
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in settings.items())
    return f'<plugin library="{library}" name="{name}">{inside}</plugin>'


class Node:
    """`plugins`: elements of the configuration; `port` is where the API is."""

    def __init__(self, test, daemon, source, plugins, flows, desk="", port=None, environment=None):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.test, self.daemon, self.folder, self.port = test, daemon, pathlib.Path(folder.name), port or free_port()
        self.environment = {**os.environ, **(environment or {})}
        self.lives, self.tokens, self.process = 0, {}, None
        for name in ("flows", "directory"):
            (self.folder / name).mkdir()
        for flow in flows:
            shutil.copy(pathlib.Path(source) / "config" / "flows" / f"{flow}.xml", self.folder / "flows")
        (self.folder / "calendar.xml").write_text(CALENDAR, encoding="utf-8")
        (self.folder / "directory" / "city.xml").write_text(DIRECTORY, encoding="utf-8")
        (self.folder / "node.xml").write_text(
            f'<citybridge city="beijing"><listen port="{self.port}"/><store path="node.db"/>'
            f'<desk flows="flows" calendar="calendar.xml" directory="directory" {desk}/><users>{users(ROLES)}</users>'
            + plugin("erp_orders", "rules") + "".join(plugins) + "</citybridge>", encoding="utf-8")
        test.addCleanup(self.kill)
        self.start()

    def start(self):
        self.lives += 1
        self.tokens = {}
        with open(self.folder / f"{self.lives}.log", "wb") as log:
            self.process = subprocess.Popen([self.daemon, "--config", str(self.folder / "node.xml")], stderr=log,
                                            env=self.environment)
        self.until(lambda: self.process.poll() is not None or self.ready(), "the node does not come up")
        self.test.assertIsNone(self.process.poll(), self.log())

    def kill(self):
        """kill -9."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(WAIT_S)

    def ready(self):
        try:
            return self.send("GET", "/readyz")[0] == 200
        except OSError:
            return False

    def log(self):
        return "".join((self.folder / f"{life}.log").read_text(errors="replace") for life in range(1, self.lives + 1))

    def send(self, method, path, token=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_S)
        try:
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            if body is not None:
                headers["Content-Type"] = "application/json"
            connection.request(method, path, None if body is None else json.dumps(body).encode(), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ask(self, method, path, user="admin", body=None):
        """The JSON of a good answer; any other fails the test."""
        if user not in self.tokens:
            status, text = self.send("POST", "/v1/session", None, {"name": user, "password": user})
            self.test.assertEqual(status, 201, text)
            self.tokens[user] = json.loads(text)["token"]
        status, text = self.send(method, path, self.tokens[user], body)
        self.test.assertIn(status, (200, 201), f"{method} {path}: {text.decode(errors='replace')}\n{self.log()}")
        return json.loads(text)

    def until(self, condition, what):
        """What the condition answers, as soon as that is true."""
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            if answer := condition():
                return answer
            time.sleep(0.02)
        raise AssertionError(f"{what}; the node's log:\n{self.log()}")

    def history(self, order):
        return self.ask("GET", f"/v1/orders/{order}/history")["items"]

    def until_history(self, order, action, times=1):
        def there():
            found = [each for each in self.history(order) if each["action"] == action]
            return found if len(found) >= times else None
        return self.until(there, f"no {action} in the history of {order}")

    def outbox(self, message):
        return self.ask("GET", "/v1/admin/outbox/" + urllib.parse.quote(message))

    def until_outbox(self, message, **wanted):
        return self.until(lambda: all(self.outbox(message).get(key) == value for key, value in wanted.items()),
                          f"message {message} never has {wanted}")

    def said(self, instance):
        """What the plugin instance said last, as GET /v1/admin/plugins tells it."""
        items = self.ask("GET", "/v1/admin/plugins")["items"]
        return next(each for each in items if each["name"] == instance)["last_said"] or {}

    def until_said(self, instance, code):
        return self.until(lambda: self.said(instance).get("code") == code, f"{instance} never says {code}")

    def troubles(self, instance, code):
        """Of /metrics."""
        _, text = self.send("GET", "/metrics")
        for line in text.decode().splitlines():
            if line.startswith("citybridge_plugin_troubles_total{") and f'"{instance}"' in line and f'"{code}"' in line:
                return float(line.rsplit(" ", 1)[1])
        return 0.0

    def everything_kept(self):
        """The bytes of the store, the log and the metrics."""
        files = [path.read_bytes() for path in sorted(self.folder.glob("node.db*"))]
        return b"".join([*files, self.log().encode(), self.send("GET", "/metrics")[1]])
