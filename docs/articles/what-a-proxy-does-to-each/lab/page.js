// What the tests ask of a page: to wait for events, and to tell what it has seen.
const seen = []; // the texts of the events
const pings = []; // the events of type ping
const errors = []; // readyState of the EventSource at each of its error events
let source;

function plain(address) {
  source = new EventSource(address);
  source.onmessage = ({ data }) => seen.push(data);
  source.addEventListener("ping", () => pings.push(1));
  source.onerror = () => errors.push(source.readyState);
}

// --8<-- [start:follow]
function follow(address, show, wait = 1000) {
  let last = "";
  const connect = () => {
    const source = new EventSource(`${address}?after=${last}`);
    source.onmessage = ({ data, lastEventId }) => {
      last = lastEventId;
      show(data);
    };
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED) return; // the browser retries
      // it won't after a 502, a 401 or a wrong type
      setTimeout(connect, wait * (1 + Math.random()));
    };
  };
  connect();
}
// --8<-- [end:follow]

// --8<-- [start:poll]
async function poll(address, show, wait = 1000) {
  for (let after = 0; ; ) {
    let answer = { status: 0 }; // no answer: the network
    try {
      answer = await fetch(`${address}?after=${after}`, { cache: "no-store" });
      if (answer.status === 200) {
        const news = await answer.json();
        news.events.forEach(show);
        after = news.after;
      }
    } catch {}
    if (answer.status === 401) return; // to the login
    if (answer.status === 200 || answer.status === 204) continue;
    await new Promise((resolve) => setTimeout(resolve, wait * (1 + Math.random())));
  }
}
// --8<-- [end:poll]

const waiting = { events: [], sockets: [] }; // keeps them from garbage collection

function occupy(kind, count) {
  for (let n = 0; n < count; n++) {
    if (kind === "EventSource") waiting.events.push(new EventSource(`/events?n=${n}`));
    if (kind === "poll") fetch(`/poll?n=${n}`, { cache: "no-store" });
    if (kind === "WebSocket") waiting.sockets.push(new WebSocket("/socket"));
  }
}

function socketOpens(address = "/socket") {
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    waiting.sockets.push(socket);
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
  });
}

function sourceOpens(address) {
  return new Promise((resolve) => {
    const source = new EventSource(address, { withCredentials: true });
    waiting.events.push(source);
    source.onopen = () => resolve(true);
    source.onerror = () => resolve(false);
  });
}
