/**
 * A bot in Express: it answers "echo", asks Baton for a person when the customer wants one, stays silent while a person has the
 * customer, and goes on when Baton gives the customer back.
 *
 *   npm install express standardwebhooks
 *   BATON_URL=http://127.0.0.1:8787 BATON_SECRET=development node express.js
 *
 * POST /messages { "session": "chat-1", "text": "hello" } stands for your channel.
 */
import express from "express";
import { Webhook } from "standardwebhooks";

const {
  BATON_URL = "http://127.0.0.1:8787",
  BATON_SECRET = "development",
  BOT = "shop-assistant",
  PORT = "3000",
} = process.env;

/** Sessions whose customer is not with the bot. Keep this with your sessions. */
const withPeople = new Set();
/** Ids of received callbacks: each may come again. */
const taken = new Set();
const toCustomer = [];

async function report(event) {
  const response = await fetch(`${BATON_URL}/v1/bots/${BOT}/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${BATON_SECRET}`, "content-type": "application/json" },
    body: JSON.stringify(event),
  });
  if (!response.ok) throw new Error(`Baton answered ${response.status}: ${await response.text()}`);
  return response.json();
}

function remember(session, control) {
  if (control === "queue" || control === "agent") withPeople.add(session);
  else withPeople.delete(session);
}

const app = express();

app.post("/messages", express.json(), async (request, response) => {
  const { session, text, id = crypto.randomUUID() } = request.body;
  // Baton gets each message, also while a person has the customer: the agent may need it.
  const { control, message } = await report({ id, type: "customer.message", session, text });
  remember(session, control);
  if (message !== null) return response.json({ reply: message });
  response.json({ reply: withPeople.has(session) ? null : `You said: ${text}` });
});

// The signature is over the raw body: read it as text, not as JSON.
app.post("/callbacks", express.text({ type: () => true }), (request, response) => {
  let event;
  try {
    event = new Webhook(BATON_SECRET, { format: "raw" }).verify(request.body, request.headers);
  } catch {
    return response.status(401).end();
  }
  const id = request.headers["webhook-id"];
  if (!taken.has(id)) {
    taken.add(id);
    remember(event.subject, event.data.control);
    const words = event.type === "agent.message" ? event.data.text : event.data.message;
    if (words) toCustomer.push({ session: event.subject, text: words });
  }
  response.status(204).end();
});

/** Texts that the bot would send on your channel. */
app.get("/sent", (_request, response) => response.json(toCustomer));

app.listen(Number(PORT), "127.0.0.1", () => console.log(`bot on http://127.0.0.1:${PORT}`));
