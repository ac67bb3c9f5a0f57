// Shows a channel: frames are hints that something is new, the history is what is true.
class Feed {
  constructor(channel, gateway, { dedupe = true, cursorFrom = "history" } = {}) {
    Object.assign(this, { channel, gateway, dedupe, cursorFrom, cursor: "0", shown: [] });
  }

  // --8<-- [start:feed]
  connect() {
    return new Promise((resolve, reject) => {
      this.socket = new WebSocket(this.gateway);
      this.socket.onerror = reject;
      this.socket.onmessage = ({ data }) => {
        const event = JSON.parse(data);
        if (event.type === "hello") resolve(); // subscribed
        else this.hint(event);
      };
    });
  }

  async catchUp() { // after every connect, never before
    for (let more = true; more; ) {
      const asked = new URLSearchParams({ channel: this.channel, oldest: this.cursor });
      const answer = await (await fetch(`/api/conversations.history?${asked}`)).json();
      for (const message of answer.messages) {
        this.show(message);
        this.cursor = message.ts; // moved by the history, never by a frame
      }
      more = answer.has_more;
    }
  }

  show(message) {
    if (this.dedupe && this.shown.some(({ ts }) => ts === message.ts)) return;
    this.shown.push(message);
    this.shown.sort((a, b) => (a.ts < b.ts ? -1 : 1));
  }
  // --8<-- [end:feed]

  hint(message) {
    this.show(message);
    if (this.cursorFrom === "frames") this.cursor = message.ts; // a mistake, for comparison
  }
}
