import assert from "node:assert/strict";
import { it } from "node:test";
import { client, platform } from "../harness/platform.js";

const LIMIT = 60_000;

export default function responseResume() {
  it("takes a stream up again after any event", async () => {
    const all = await collect(await client().responses.create({ model: "fake-chat", input: "[[fake reasoning=3 tokens=8]]", stream: true }));
    const { id } = all[0].response;

    assert.deepEqual(await collect(await client().responses.retrieve(id, { stream: true })), all);
    for (const after of [0, 5, all.length - 2]) {
      assert.deepEqual(await collect(await client().responses.retrieve(id, { stream: true, starting_after: after })), all.slice(after + 1));
    }
    assert.deepEqual(await collect(await client().responses.retrieve(id, { stream: true, starting_after: all.length - 1 })), []);
    await assert.rejects(client().responses.retrieve(id, { stream: true, starting_after: all.length }), (error) => error.status === 400 && error.param === "starting_after");
  });

  it("reads on where it was cut off, while the response is still running", async () => {
    const events = [];
    for await (const event of await client().responses.create({ model: "fake-chat", input: "[[fake tokens=60 delay=20]]", stream: true })) {
      events.push(event);
      if (event.type === "response.output_text.delta" && events.length > 6) break;
    }
    const { sequence_number } = events.at(-1);
    events.push(...(await collect(await client().responses.retrieve(events[0].response.id, { stream: true, starting_after: sequence_number }))));

    assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));
    const text = events.filter((event) => event.type === "response.output_text.delta").map((event) => event.delta).join("");
    assert.equal(text, events.at(-1).response.output[0].content[0].text);
    assert.equal(events.at(-1).type, "response.completed");
  });

  it("folds a response that exists by the SDK's stream helper, from wherever it is asked to", async () => {
    const created = await client().responses.create({ model: "fake-chat", input: "Hello" });
    for (const starting_after of [undefined, 0, 6]) {
      const stream = client().responses.stream({ response_id: created.id, starting_after });
      const seen = [];
      stream.on("event", (event) => seen.push(event.sequence_number));
      const response = await stream.finalResponse();
      assert.equal(response.output_text, created.output_text);
      assert.equal(seen[0], starting_after === undefined ? 0 : starting_after + 1);
    }
  });

  it("polls a response in the background until it is done", async () => {
    let response = await client().responses.create({ model: "fake-chat", input: "[[fake tokens=20 delay=20]]", background: true });
    assert.ok(["queued", "in_progress"].includes(response.status), response.status);
    assert.equal(response.background, true);
    const deadline = Date.now() + LIMIT;
    while (["queued", "in_progress"].includes(response.status) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      response = await client().responses.retrieve(response.id);
    }
    assert.equal(response.status, "completed");
    assert.equal(response.usage.output_tokens, 20);
  });

  it("follows a response in the background that was created as a stream", async () => {
    const stream = client().responses.stream({ model: "fake-chat", input: "Hello", background: true });
    assert.equal((await stream.finalResponse()).output_text, 'Happy to help. You said: "Hello" and this is my answer.');
  });

  it("cancels a response in the background", async () => {
    const { id } = await client().responses.create({ model: "fake-chat", input: "[[fake tokens=500 delay=50]]", background: true });
    await platform.vendor.until((calls) => calls.length > 0);
    const cancelled = await client().responses.cancel(id);
    assert.equal(cancelled.status, "cancelled");
    assert.equal((await client().responses.retrieve(id)).status, "cancelled");
    const [call] = await platform.vendor.until((calls) => calls[0]?.finishedAt);
    assert.equal(call.outcome, "clientAborted");
  });

  it("gets one response for a request that is sent twice by the same name", async () => {
    const options = { headers: { "Idempotency-Key": "the-same-request" } };
    const first = await client().responses.create({ model: "fake-chat", input: "Hello" }, options);
    const second = await client().responses.create({ model: "fake-chat", input: "Hello" }, options);
    assert.equal(second.id, first.id);
    // With its usual retries: it is told that they are of no use.
    await assert.rejects(client({ maxRetries: 3 }).responses.create({ model: "fake-chat", input: "Bye" }, options), (error) => error.status === 409 && error.code === "idempotency_key_reused");
  });

  it("does not notice that the vendor broke off", async () => {
    const whole = await client().responses.create({ model: "fake-chat", input: "[[fake tokens=20]]" });
    const stream = client().responses.stream({ model: "fake-chat", input: "[[fake tokens=20 cut=7 times=1]]" });
    const response = await stream.finalResponse();
    assert.equal(response.output_text, whole.output_text);
    assert.equal(response.interruptions, 1);
  });
}

async function collect(stream) {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
}
