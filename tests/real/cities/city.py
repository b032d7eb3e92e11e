"""One city of the tests: its files as an administrator would write them, its
nats-server and its node as processes in its namespace, and its API.
"""
import concurrent.futures
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading

import world

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from node_files import CALENDAR, users  # noqa: E402

ADMIN = "admin"
AGENT = "agent"
TEAM_LEAD = "lead"
API_PORT = 8080
LEAF_PORT = 4222
READY_S = 60

NODE = """<citybridge city="{city}">
  <listen port="{port}"/>
  <store path="data/{city}.db"/>
  <desk calendar="calendar.xml"/>
  <cities directory="cities.xml" list_within_s="86400"/>
  <users>
{users}  </users>
  <plugin library="erp_orders" name="rules"/>
{link}</citybridge>
"""
LINK = """  <plugin library="link_nats" name="cities">
    <url>nats://127.0.0.1:{port}</url>
    <user>node</user>
    <password>${{file:node-password}}</password>
    <key>{key}</key>
    <receipt_timeout_s>5</receipt_timeout_s>
    <peers>{peers}</peers>
  </plugin>
"""
HTTPS_PORT = 8472
HTTPS_LINK = """  <plugin library="link_https" name="cities">
    <peers>{peers}</peers>
    <pins>{pins}</pins>
    <certificate>{certificate}</certificate>
    <key>{key}</key>
    <address>{address}</address>
    <port>{port}</port>
  </plugin>
"""


def nats_link(peers, key="city-key.pem"):
    """`peers`: lines of peers.txt."""
    return LINK.format(port=LEAF_PORT, peers=", ".join(peers), key=key)


class Api:
    """A client in the city's namespace, as one user. One thread, which has entered it."""

    def __init__(self, user):
        self.user = user
        self.token = None
        self.connection = None

    def _connect(self):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", API_PORT, timeout=30)
        return self.connection

    def forget(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def send(self, method, path, body=None, key=None):
        headers = {"Content-Type": "application/json"}
        if self.token is not None:
            headers["Authorization"] = "Bearer " + self.token
        if key is not None:
            headers["Idempotency-Key"] = key
        self._connect().request(method, path, json.dumps(body) if body is not None else None, headers)

    def ask(self, method, path, body=None, key=None):
        """Status and document. OSError or HTTPException: no answer came."""
        try:
            if self.token is None and path != "/readyz":
                self.log_in()
            self.send(method, path, body, key)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            self.forget()
            raise
        if answer.status == 401:  # the node has started anew
            self.token = None
        return answer.status, json.loads(text) if text[:1] in (b"{", b"[") else text.decode()

    def log_in(self):
        self.send("POST", "/v1/session", {"name": self.user, "password": self.user})
        answer = self.connection.getresponse()
        document = json.loads(answer.read())
        if answer.status != 200 and answer.status != 201:
            raise http.client.HTTPException("no session: %s" % document)
        self.token = document["token"]


class City:
    def __init__(self, name, network, folder, programs):
        self.name = name
        self.folder = folder
        self.programs = programs
        self.node = self.leaf = None
        network.add(name)
        (folder / "data").mkdir(parents=True, exist_ok=True)
        self._lane = concurrent.futures.ThreadPoolExecutor(1, initializer=world.enter_namespace, initargs=(name,))
        self._apis = {}
        self._lock = threading.Lock()

    def write(self, others, link):
        """The node's configuration: which cities it knows, and its plugin `cities`."""
        (self.folder / "node.xml").write_text(
            NODE.format(city=self.name, port=API_PORT, users=users({ADMIN: "admin", TEAM_LEAD: "team_lead", AGENT: "agent"}), link=link), encoding="utf-8")
        (self.folder / "calendar.xml").write_text(CALENDAR, encoding="utf-8")
        (self.folder / "cities.xml").write_text(
            "<cities>\n%s</cities>\n" % "".join('  <city id="%s" name="%s" destination="cities.%s"/>\n' %
                                                (each, each.capitalize(), each) for each in others), encoding="utf-8")

    # ---- processes
    def start_leaf(self):
        self.leaf = world.start(self.name, ["nats-server", "-c", "nats-leaf.conf"], self.folder,
                                self.folder / "leaf.log")

    def start_node(self):
        self.node = world.start(
            self.name, [self.programs + "/bin/citybridged", "--config", "node.xml", "--log-level", "info", "--plugins",
                        self.programs + "/lib/plugins"], self.folder, self.folder / "node.log")
        world.wait_until(self.name + "'s node is ready:\n" + self.log_tail(), self.ready, READY_S)

    def ready(self):
        if self.node.poll() is not None:
            raise RuntimeError("%s's node ended with %s:\n%s" % (self.name, self.node.returncode, self.log_tail()))
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def stop_node(self):
        self.node.send_signal(signal.SIGTERM)
        return self.node.wait(timeout=60)

    def restart_node(self):
        code = self.stop_node()
        if code != 0:
            raise RuntimeError("%s's node ended with %s" % (self.name, code))
        self.start_node()

    def log_tail(self, name="node.log"):
        file = pathlib.Path(self.folder / name)
        return "\n".join(file.read_text(errors="replace").splitlines()[-15:]) if file.exists() else ""

    def tool(self, *arguments):
        """The command line, on this city's machine; what it prints."""
        done = subprocess.run(["nsenter", "--net=/run/netns/" + self.name, self.programs + "/bin/citybridge", *arguments],
                              cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                              env={**os.environ, "CITYBRIDGE_URL": "http://127.0.0.1:%d" % API_PORT,
                                   "CITYBRIDGE_USER": ADMIN, "CITYBRIDGE_PASSWORD": ADMIN})
        return done.returncode, done.stdout

    # ---- the API, by any thread
    def ask(self, method, path, body=None, key=None, user=ADMIN):
        with self._lock:
            api = self._apis.setdefault(user, Api(user))
            for last in (False, False, True):
                try:
                    status, document = self._lane.submit(api.ask, method, path, body, key).result()
                except (OSError, http.client.HTTPException):  # a connection of the node's life before
                    if last:
                        raise
                    continue
                if status != 401 or last:
                    return status, document

    def list(self, path):
        items, cursor = [], ""
        while True:
            status, page = self.ask("GET", path + ("&" if "?" in path else "?") + "limit=200" + cursor)
            if status != 200:
                raise RuntimeError("%s: GET %s: %s %s" % (self.name, path, status, page))
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = "&cursor=" + page["next_cursor"].replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
