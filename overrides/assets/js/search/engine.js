// The page's side of search-worker.js, which runs the engine. Only the last question is answered.

const version = new URL(import.meta.url).search;

export class Engine {
  #worker;
  #asked = 0;
  #restarts = 0;
  #tell;
  #learn;

  /** `learn(subjects)`: what there is to filter by, told once it is known. */
  constructor(learn) {
    this.#learn = learn;
  }

  /** Loads what every query needs and, of a question, answers with `tell({ answer })` or `tell({ error })`. */
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
    const address = new URL(`search-worker.js${version}`, import.meta.url);
    if (this.#restarts) address.searchParams.set("fresh", this.#restarts);
    const worker = new Worker(address, { type: "module" });
    worker.onerror = () => worker === this.#worker && this.#break();
    worker.onmessage = ({ data }) => {
      if (data.subjects) this.#learn(data.subjects);
      else if (data.id === this.#asked) this.#tell(data);
    };
    return worker;
  }

  #break() {
    this.restart();
    this.#tell({ error: { message: "The search could not be started." } });
  }
}
