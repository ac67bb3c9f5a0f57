// Sends messages so that each is stored once: the key is made when the user presses Enter, saved, and reused.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Outbox {
  constructor({ token = "alice", timeout = 10_000, pause = 1_000, keyPer = "message", storage = localStorage } = {}) {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    Object.assign(this, { headers, timeout, pause, keyPer, storage, attempts: 0 });
  }

  // --8<-- [start:send]
  send(channel, text) {
    const message = { channel, text, client_msg_id: crypto.randomUUID() };
    // saved before the first attempt
    this.storage.setItem(message.client_msg_id, JSON.stringify(message));
    return this.deliver(message);
  }

  async deliver(message) {
    for (let pause = this.pause; ; pause = Math.min(2 * pause, 60_000)) {
      // no answer: it may be stored, or not
      const answer = await this.attempt(message).catch(() => null);
      if (answer?.ok) {
        this.storage.removeItem(message.client_msg_id);
        return answer;
      }
      if (answer) throw new Error(answer.error); // refused, and would be again
      await sleep(pause * (0.5 + Math.random()));
    }
  }

  resume() { // when the page starts
    const saved = Object.values(this.storage).map((text) => JSON.parse(text));
    return Promise.all(saved.map((message) => this.deliver(message)));
  }
  // --8<-- [end:send]

  async attempt(message) {
    this.attempts += 1;
    const another = { ...message, client_msg_id: crypto.randomUUID() }; // a mistake, for comparison
    const body = this.keyPer === "attempt" ? another : message;
    // --8<-- [start:attempt]
    const response = await fetch("/api/chat.postMessage", {
      method: "POST",
      headers: this.headers,
      body: JSON.stringify(body),
      signal: this.timeout ? AbortSignal.timeout(this.timeout) : undefined,
    });
    if ([409, 429].includes(response.status) || response.status >= 500) throw response;
    return response.json();
    // --8<-- [end:attempt]
  }
}
