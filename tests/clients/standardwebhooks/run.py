"""Receives what the server sends to a webhook and verifies it with PyPI standardwebhooks. Arguments: the address of the
server and a token."""

import json
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

BASE, TOKEN = sys.argv[1:]
WANTED = 5
LIMIT = 30

got = []
enough = threading.Event()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        got.append((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()
        if len(got) == WANTED:
            enough.set()

    def log_message(self, *_):
        pass


def post(path, body):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(BASE + path, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "null")


def refused(what, webhook, body, headers):
    try:
        webhook.verify(body, headers)
    except WebhookVerificationError:
        return
    raise SystemExit(f"verified although {what}")


def main():
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/hook"
    events = ["user.created", "user.updated"]
    made = post("/notifications/webhooks", {"url": url, "subscribedEvents": events})
    webhook = Webhook(made["secret"])
    users = [post("/users", {"email": f"monica{n}@example.test"})["id"] for n in range(WANTED - 2)]
    post(f"/users/{users[0]}", {"firstName": "Mönica"})
    post("/notifications/messages/test", {"eventTypeId": "user.created", "Text": "Zoë & 李"})
    if not enough.wait(LIMIT):
        raise SystemExit(f"{len(got)} messages in {LIMIT} s, not {WANTED}")
    seen = []
    for headers, body in got:
        message = webhook.verify(body, headers)
        seen.append((message["eventTypeId"], message["links"]["eventEntity"].rsplit("/", 1)[1]))
        refused("a byte differs", webhook, body + b" ", headers)
        other = {name: "msg_other" if name.lower() == "webhook-id" else headers[name] for name in headers}
        refused("the id differs", webhook, body, other)
    wanted = {("user.created", user) for user in users} | {("user.updated", users[0])}
    if not wanted <= set(seen):
        raise SystemExit(f"{wanted - set(seen)} did not come")
    # the secret of an update is the one that signs from then on
    changed = post(f"/notifications/webhooks/{made['id']}", {"url": url, "subscribedEvents": events})
    renewed = Webhook(changed["secret"])
    if changed["secret"] != made["secret"]:
        refused("the secret was replaced", renewed, got[0][1], got[0][0])
    print(f"{len(got)} deliveries verified, {2 * len(got)} forged ones refused")


main()
