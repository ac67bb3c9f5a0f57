import { createServer } from "node:http";

const backlog = process.argv[2] && Number(process.argv[2]);
const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog }, () => console.log(server.address().port));
