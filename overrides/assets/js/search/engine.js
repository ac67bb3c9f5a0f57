// The page's side of worker.js, which runs the engine. Only the last question is answered.

/** @typedef {{ answer: import("../../../../search/src/engine.mjs").Answer, error?: undefined }} Answered */
/** @typedef {{ answer?: undefined, error: { message: string } }} Failed */
/** @typedef {import("./filters.js").Subjects} Subjects */

export class Engine {
  /** @type {Worker | undefined} */
  #worker;
  #asked = 0;
  #restarts = 0;
  /** @type {(said: Answered | Failed) => void} */
  #tell = () => {};
  #learn;

  /** @param {(subjects: Subjects) => void} learn told once what there is to filter by is known */
  constructor(learn) {
    this.#learn = learn;
  }

  /**
   * Loads what every query needs and, of a question, tells the answer.
   * @param {import("./state.js").Question | undefined} question
   * @param {(said: Answered | Failed) => void} tell
   */
  ask(question, tell) {
    this.#tell = tell;
    try {
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id: ++this.#asked, ...question });
    } catch {
      this.#break();
    }
  }

  /** Makes the next question start anew and load everything past any cache: what is there is broken. */
  restart() {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#restarts++;
  }

  #start() {
    const address = new URL(import.meta.resolve("./worker.js"));
    if (this.#restarts) address.searchParams.set("fresh", String(this.#restarts));
    const worker = new Worker(address, { type: "module" });
    worker.onerror = () => {
      if (worker === this.#worker) this.#break();
    };
    worker.onmessage = ({ data }) => {
      if (data.subjects) this.#learn(data.subjects);
      else if (data.id === this.#asked) this.#tell(data);
    };
    return worker;
  }

  #break() {
    this.restart();
    this.#tell({ error: { message: "Search could not be started." } });
  }
}
