// The WebSocket half of the lab's chat: pushes what the web app tells it, and takes messages as frames, as RTM did.
// node gateway.mjs --webapp http://127.0.0.1:8065 --ack stored
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { WebSocketServer } from "ws";

const { values: options } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    webapp: { type: "string" }, // address of webapp.py
    ack: { type: "string", default: "stored" }, // stored | first | never | discard
    "flush-ms": { type: "string", default: "50" }, // with --ack first: how long a message waits in memory
    log: { type: "string" }, // a line for every frame that reached this process
    "no-auto-pong": { type: "boolean", default: false }, // pings get no answer from ws
  },
});

const sockets = new Set();
const waiting = [];

async function store(frame) {
  const response = await fetch(new URL("/api/chat.postMessage", options.webapp), {
    method: "POST",
    headers: { authorization: "Bearer socket", "content-type": "application/json" },
    body: JSON.stringify({ channel: frame.channel, text: frame.text }),
  });
  return response.json();
}

// --8<-- [start:frame]
async function onFrame(socket, frame) {
  const reply = (body) =>
    socket.send(JSON.stringify({ reply_to: frame.id, ...body }));
  if (options.ack === "first") {
    reply({ ok: true }); // but the message is in this process's memory only
    waiting.push(frame);
  } else if (options.ack === "stored") {
    const { ok, ts } = await store(frame);
    reply({ ok, ts });
  } else if (options.ack === "never") {
    await store(frame);
  }
}
// --8<-- [end:frame]

setInterval(() => waiting.splice(0).forEach(store), Number(options["flush-ms"]));

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (data) => (body += data));
  request.on("end", () => {
    for (const socket of sockets) socket.send(body);
    response.end();
  });
});

new WebSocketServer({ server, autoPong: !options["no-auto-pong"] }).on("connection", (socket) => {
  sockets.add(socket);
  socket.on("close", () => {
    sockets.delete(socket);
    if (sockets.size === 0) console.log("empty");
  });
  socket.on("message", (data) => {
    if (options.log) appendFileSync(options.log, `${data.length}\n`);
    onFrame(socket, JSON.parse(data)).catch((error) => console.error(error));
  });
  socket.send(JSON.stringify({ type: "hello" }));
});

process.on("SIGUSR1", () => sockets.forEach((socket) => socket.close(1001)));
server.listen(Number(options.port), "127.0.0.1", () => console.log(server.address().port));
