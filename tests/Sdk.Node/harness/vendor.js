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

  /** Waits for a request that meets the condition, and returns it. */
  async waitFor(condition, limit = 30_000) {
    const deadline = Date.now() + limit;
    while (true) {
      const requests = await this.requests();
      const found = requests.find(condition);
      if (found) return found;
      if (Date.now() > deadline) throw new Error(`The vendor saw no such request: ${JSON.stringify(requests)}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async #post(path, body) {
    const answer = await fetch(`${this.#url}/fake/${path}`, { method: "POST", body });
    if (!answer.ok) throw new Error(`The vendor refused /fake/${path}: ${await answer.text()}`);
  }
}
