// Runs Material's own search worker, unchanged, in a thread of Node: it speaks to `addEventListener` and `postMessage`.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";

globalThis.self = globalThis;
globalThis.window = globalThis;
globalThis.addEventListener = (_, listener) => parentPort.on("message", (data) => listener({ data }));
globalThis.postMessage = (data) => parentPort.postMessage(data);
globalThis.importScripts = () => {};
runInThisContext(readFileSync(workerData.script, "utf8"), { filename: workerData.script });
