// A client made with ws that does what it is told on standard input, a line of JSON at a time, and answers in kind.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import WebSocket from "ws";

const socket = new WebSocket(process.argv[2]);
const replies = new Map();
const heard = { closed: null, pongs: 0, errors: 0 };
socket.on("message", (data) => {
  const message = JSON.parse(data);
  if (message.reply_to) replies.set(message.reply_to, message);
});
socket.on("close", (code) => (heard.closed = code));
socket.on("error", () => (heard.errors += 1));
socket.on("pong", () => (heard.pongs += 1));

const commands = {
  // --8<-- [start:callback]
  send: (message) => new Promise((resolve) => {
    const done = (error) => resolve({ error: error?.message ?? null });
    socket.send(JSON.stringify(message), done);
  }),
  // --8<-- [end:callback]
  sendWithoutCallback: (message) => {
    socket.send(JSON.stringify(message));
    return {};
  },
  ping: () => {
    socket.ping();
    return {};
  },
  look: () => ({ readyState: socket.readyState, bufferedAmount: socket.bufferedAmount, replies: [...replies.keys()], ...heard }),
};

const versions = { node: process.versions.node, ws: createRequire(import.meta.url)("ws/package.json").version };
socket.on("open", () => console.log(JSON.stringify(versions)));
for await (const line of createInterface({ input: process.stdin })) {
  const [name, argument] = JSON.parse(line);
  console.log(JSON.stringify(await commands[name](argument)));
}
process.exit(0);
