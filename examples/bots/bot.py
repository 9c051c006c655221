"""A bot with Python's standard library: it answers "echo", asks Baton for a person when the customer wants one, stays silent
while a person has the customer, and goes on when Baton gives the customer back.

    BATON_URL=http://127.0.0.1:8787 BATON_SECRET=development python3 bot.py

POST /messages {"session": "chat-1", "text": "hello"} stands for your channel.
"""

import base64
import hashlib
import hmac
import json
import os
import threading
import time
import urllib.request
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BATON_URL = os.environ.get("BATON_URL", "http://127.0.0.1:8787")
SECRET = os.environ.get("BATON_SECRET", "development")
BOT = os.environ.get("BOT", "shop-assistant")
TOLERANCE_SECONDS = 300

lock = threading.Lock()
with_people = set()  # sessions whose customer is not with the bot
taken = set()  # ids of callbacks that were taken: each may come again
sent = []  # what the bot would send on your channel


def report(event):
    request = urllib.request.Request(
        f"{BATON_URL}/v1/bots/{BOT}/events",
        data=json.dumps(event).encode(),
        headers={"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def remember(session, control):
    with lock:
        if control in ("queue", "agent"):
            with_people.add(session)
        else:
            with_people.discard(session)


def key():
    """Standard Webhooks: a whsec_ secret is base64, any other is its UTF-8 bytes."""
    return base64.b64decode(SECRET[6:]) if SECRET.startswith("whsec_") else SECRET.encode()


def is_signed(headers, body):
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE_SECONDS:
        return False
    signed = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key(), signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected, one) for one in given)


class Bot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/messages":
            return self.on_message(json.loads(body))
        if self.path == "/callbacks":
            return self.on_callback(body)
        self.answer(404, {})

    def do_GET(self):
        self.answer(200, sent) if self.path == "/sent" else self.answer(404, {})

    def on_message(self, message):
        session, text = message["session"], message["text"]
        # Baton gets each message, also while a person has the customer: the agent may need it.
        event = {"id": message.get("id", str(uuid.uuid4())), "type": "customer.message", "session": session, "text": text}
        told = report(event)
        remember(session, told["control"])
        reply = told["message"] or (None if session in with_people else f"You said: {text}")
        self.answer(200, {"reply": reply})

    def on_callback(self, body):
        if not is_signed(self.headers, body):
            return self.answer(401, {})
        event, callback = json.loads(body), self.headers["webhook-id"]
        with lock:
            is_new = callback not in taken
            taken.add(callback)
        if is_new:
            session, data = event["subject"], event["data"]
            remember(session, data["control"])
            words = data.get("text") if event["type"] == "agent.message" else data.get("message")
            if words:
                sent.append({"session": session, "text": words})
        self.answer(204, None)

    def answer(self, status, value):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "3000"))
    print(f"bot on http://127.0.0.1:{port}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", port), Bot).serve_forever()
