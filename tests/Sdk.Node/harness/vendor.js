// The fake vendor's control paths; see tests/FakeModels/README.md.
export class Vendor {
  #url;

  constructor(url) {
    this.#url = url;
  }

  async requests() {
    return (await fetch(`${this.#url}/fake/requests`)).json();
  }

  async reset() {
    await this.#post("reset", "");
  }

  /** What the next request is to meet. */
  async enqueue(keys) {
    await this.#post("enqueue", keys);
  }

  /** Waits until the model calls it saw meet the condition, and returns them. */
  async until(condition, limit = 30_000) {
    const deadline = Date.now() + limit;
    while (true) {
      const requests = (await this.requests()).filter((request) => request.method === "POST");
      if (condition(requests)) return requests;
      if (Date.now() > deadline) throw new Error(`The vendor saw only: ${JSON.stringify(requests)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** The one model call it saw, once that has ended. */
  async onlyCall() {
    const [call, ...others] = await this.until((seen) => seen[0]?.finishedAt);
    if (others.length > 0) throw new Error(`The vendor saw ${others.length + 1} calls.`);
    return call;
  }

  async #post(path, body) {
    const answer = await fetch(`${this.#url}/fake/${path}`, { method: "POST", body });
    if (!answer.ok) throw new Error(`The vendor refused /fake/${path}: ${await answer.text()}`);
  }
}
