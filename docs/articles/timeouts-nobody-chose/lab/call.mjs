// One call of a Node.js client: `node call.mjs CLIENT PORT OPTIONS`. It announces what call.py announces.
import http from "node:http";
import readline from "node:readline";

const [name, port, json] = process.argv.slice(2);
const options = JSON.parse(json);
const url = `http://127.0.0.1:${port}/`;
const say = (...words) => console.log(JSON.stringify(words));
const undici = () => globalThis[Symbol.for("undici.globalDispatcher.1")];
const hidden = (object, key) => object[Object.getOwnPropertySymbols(object).find((each) => each.description === key)];

// the limits of the client that makes the only request of *dispatcher*
const limitsOf = (dispatcher) => {
  const [pool] = hidden(dispatcher, "clients").values();
  const [client] = hidden(pool.deref?.() ?? pool, "clients");
  return [hidden(client, "headers timeout"), hidden(client, "body timeout")];
};

const calls = {
  http_get: ({ abort, destroy, ...rest }) =>
    new Promise((resolve, reject) => {
      const start = performance.now();
      // --8<-- [start:get]
      const request = http.get(url, rest, (response) => {
        response.resume();
        response.on("end", resolve);
      });
      request.on("timeout", () => {
        say("timeout event", (performance.now() - start) / 1000);
        if (destroy) request.destroy(new Error("destroyed by us"));
      });
      // --8<-- [end:get]
      request.on("error", reject);
      if (abort) AbortSignal.timeout(abort).addEventListener("abort", () => request.destroy(new Error("aborted")));
    }),
  fetch: async ({ abort, watch, ...limits }) => {
    await fetch("data:,"); // loads undici
    const rest = {};
    if (abort) rest.signal = AbortSignal.timeout(abort);
    if (Object.keys(limits).length > 0) rest.dispatcher = new (undici().constructor)(limits);
    const answer = fetch(url, rest);
    if (watch) say("limits", ...limitsOf(rest.dispatcher ?? undici()));
    const response = await answer;
    say("headers");
    await response.text();
  },
  fetch_limits: (rest) => calls.fetch({ ...rest, watch: true }),
};

say("ready", 0);
const input = readline.createInterface({ input: process.stdin });
input.once("line", () => {
  input.close();
  process.stdin.destroy();
  const start = performance.now();
  const end = (outcome) => say("end", outcome, (performance.now() - start) / 1000);
  calls[name](options).then(
    () => end("ok"),
    (error) => end(`${error.name}: ${error.cause?.code ?? error.message}`),
  );
});
