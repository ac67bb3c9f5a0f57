// The script of a page with a WebSocket.

// --8<-- [start:watch]
function watch(socket, every, deadline) {
  const ask = () => {
    socket.send("ping");
    const overdue = setTimeout(() => socket.close(4000, "no answer"), deadline);
    const answered = () => {
      clearTimeout(overdue);
      setTimeout(ask, every);
    };
    socket.addEventListener("message", answered, { once: true });
  };
  ask();
}
// --8<-- [end:watch]

const socket = new WebSocket("/socket");
socket.onopen = () => socket.send(`${typeof socket.send} ${typeof socket.ping} ${typeof socket.pong}`);
socket.onmessage = (event) => {
  if (event.data === "hang") for (;;); // the page's only thread is gone
  if (event.data === "are you there?") socket.send("here");
  if (event.data === "watch me") watch(socket, 200, 1500);
};
