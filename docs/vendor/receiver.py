#!/usr/bin/env python3
"""Takes in what CityBridge sends, each message once, and tells it what became of an order.

    python3 receiver.py                                        listens for messages
    python3 receiver.py tell order.contacted ord_... "a note"  sends one back
"""
import base64, contextlib, hashlib, hmac, json, os, sqlite3, sys, time, urllib.error, urllib.request, uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DATABASE, TOLERANCE_S = os.environ.get("INBOX", "inbox.sqlite"), 300
ThreadingHTTPServer.request_queue_size = 128  # Python's 5 would drop connections that come at once


def sign(secret, message_id, timestamp, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def is_genuine(headers, body):
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not timestamp.isdecimal() or len(timestamp) > 11:
        return False
    if abs(time.time() - int(timestamp)) > TOLERANCE_S:
        return False
    expected = sign(os.environ["CITYBRIDGE_SECRET"], message_id, timestamp, body).encode()
    signatures = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, signature.encode()) for signature in signatures)


def handle(database, message):
    """Your work. What it writes to `database` is committed together with the message's id."""
    data = message.get("data", message)  # an order addressed to the ERP alone has "action" and is not wrapped
    print(message.get("type") or message.get("action"), data.get("id") or data.get("order"), flush=True)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps the connection for the next message
    timeout = 60

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > 7:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(int(length))  # verified as it came: JSON parsed and written again has other bytes
        if not is_genuine(self.headers, body):
            return self.answer(401)
        with contextlib.closing(sqlite3.connect(DATABASE, timeout=10)) as database, database:
            row = (self.headers["webhook-id"], body.decode())
            if database.execute("insert or ignore into inbox (id, body) values (?, ?)", row).rowcount:
                handle(database, json.loads(body))
        self.answer(204)  # only now: the message is on disk

    def answer(self, status):
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()


def tell(kind, order, note):
    body = json.dumps({"type": kind, "data": {"order": order, "note": note}}).encode()
    message_id = f"msg_{uuid.uuid4()}"  # stays the same when the message is sent again
    for wait in (0, 1, 5, 30, 120):
        time.sleep(wait)
        now = str(int(time.time()))
        headers = {"Content-Type": "application/json", "webhook-id": message_id, "webhook-timestamp": now,
                   "webhook-signature": sign(os.environ["CITYBRIDGE_HOOK_SECRET"], message_id, now, body)}
        request = urllib.request.Request(os.environ["CITYBRIDGE_HOOK_URL"], body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=15) as reply:
                return print("taken:", reply.status)
        except urllib.error.HTTPError as refused:
            if refused.code < 500 and refused.code != 429:
                sys.exit(f"refused: {refused.code} {refused.read(2000).decode(errors='replace')}")
        except OSError as failure:
            print("no answer:", failure, file=sys.stderr)
    sys.exit("CityBridge could not be reached; keep the message and send it again later")


if sys.argv[1:2] == ["tell"]:
    tell(*sys.argv[2:5])
else:
    with contextlib.closing(sqlite3.connect(DATABASE)) as created, created:
        created.execute("create table if not exists inbox (id text primary key, body text not null)")
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8090"))), Receiver)
    print("listening on port", server.server_port, flush=True)
    server.serve_forever()
