import assert from "node:assert/strict";
import { it } from "node:test";
import OpenAI from "openai";
import { zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { client, platform } from "../harness/platform.js";

const model = "fake-chat";
const lastCall = async () => (await platform.vendor.requests()).filter((seen) => seen.path === "/v1/chat/completions").at(-1).body;
const collect = async (list) => {
  const all = [];
  for await (const entry of list) all.push(entry);
  return all;
};

export default function responses() {
  for (const name of ["fake-chat", "fake-claude"]) {
    it(`answers a text (${name})`, async () => {
      const response = await client().responses.create({ model: name, input: "Hello", instructions: "Be brief.", metadata: { topic: "greeting" } });
      assert.match(response.id, /^resp_/);
      assert.equal(response.status, "completed");
      assert.equal(response.model, name);
      assert.equal(response.output_text, 'Happy to help. You said: "Hello" and this is my answer.');
      assert.equal(response.instructions, "Be brief.");
      assert.deepEqual(response.metadata, { topic: "greeting" });
      assert.equal(response.error, null);
      assert.equal(response.incomplete_details, null);
      assert.ok(response.usage.input_tokens > 0);
      assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
    });
  }

  it("keeps a response until it is deleted", async () => {
    const created = await client().responses.create({ model, input: "Hello" });
    const kept = await client().responses.retrieve(created.id);
    assert.deepEqual(kept.output, created.output);
    assert.equal(kept.output_text, created.output_text);
    await client().responses.delete(created.id);
    await assert.rejects(client().responses.retrieve(created.id), OpenAI.NotFoundError);
  });

  it("keeps nothing when told not to", async () => {
    const response = await client().responses.create({ model, input: "Hello", store: false });
    assert.equal(response.store, false);
    await assert.rejects(client().responses.retrieve(response.id), OpenAI.NotFoundError);
  });

  it("continues an earlier response", async () => {
    const first = await client().responses.create({ model, input: "My name is Ada." });
    const second = await client().responses.create({ model, input: "What is my name?", previous_response_id: first.id });
    assert.equal(second.previous_response_id, first.id);
    const { messages } = await lastCall();
    assert.deepEqual(messages.map((message) => message.role), ["user", "assistant", "user"]);
    assert.match(JSON.stringify(messages[0].content), /My name is Ada/);
    // Both answers may build on the same first one.
    const fork = await client().responses.create({ model, input: "Spell it.", previous_response_id: first.id });
    assert.equal((await lastCall()).messages.length, 3);
    assert.equal(fork.status, "completed");
  });

  it("takes items and images as input", async () => {
    const picture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const response = await client().responses.create({
      model,
      input: [
        { role: "developer", content: "Answer in English." },
        { type: "message", role: "user", content: [{ type: "input_text", text: "What is this?" }, { type: "input_image", image_url: picture, detail: "low" }] },
      ],
    });
    assert.equal(response.status, "completed");
    const { messages } = await lastCall();
    assert.equal(messages[1].content[1].image_url.url, picture);
  });

  it("lists what a response was given, page by page", async () => {
    const response = await client().responses.create({ model, input: ["one", "two", "three", "four", "five"].map((content) => ({ role: "user", content })) });
    const texts = (items) => items.map((item) => item.content[0].text);
    assert.deepEqual(texts(await collect(client().responses.inputItems.list(response.id, { order: "asc", limit: 2 }))), ["one", "two", "three", "four", "five"]);
    assert.deepEqual(texts(await collect(client().responses.inputItems.list(response.id, { limit: 2 }))), ["five", "four", "three", "two", "one"]);
    const page = await client().responses.inputItems.list(response.id, { order: "asc", limit: 2 });
    assert.ok(page.hasNextPage());
    assert.deepEqual(texts((await page.getNextPage()).data), ["three", "four"]);
  });

  it("cancels a response and keeps what it said so far", async () => {
    const stream = await client().responses.create({ model, input: "[[fake tokens=5000 delay=20]]", stream: true });
    let id;
    let said = "";
    let cancelled;
    let last;
    for await (const event of stream) {
      if (event.type === "response.created") id = event.response.id;
      if (event.type === "response.output_text.delta") {
        said += event.delta;
        cancelled ??= client().responses.cancel(id);
      }
      last = event;
    }
    assert.equal((await cancelled).status, "cancelled");
    assert.equal(last.type, "response.incomplete");
    assert.equal(last.response.status, "cancelled");
    const kept = await client().responses.retrieve(id);
    assert.equal(kept.status, "cancelled");
    assert.equal(kept.output_text, said);
    assert.equal((await platform.vendor.onlyCall()).outcome, "clientAborted");
    assert.equal((await client().responses.cancel(id)).status, "cancelled");
  });

  it("says why an answer is incomplete", async () => {
    const response = await client().responses.create({ model, input: "[[fake tokens=200]]", max_output_tokens: 16 });
    assert.equal(response.status, "incomplete");
    assert.equal(response.incomplete_details.reason, "max_output_tokens");
    assert.equal(response.output[0].status, "incomplete");
  });

  it("shows reasoning and refusals as items of their own kind", async () => {
    const thought = await client().responses.create({ model: "fake-reasoner", input: "[[fake reasoning=5 tokens=5]]" });
    assert.deepEqual(thought.output.map((item) => item.type), ["reasoning", "message"]);
    assert.equal(thought.output[0].content[0].type, "reasoning_text");
    const refused = await client().responses.create({ model, input: "[[fake refusal=No]]" });
    assert.deepEqual(refused.output[0].content, [{ type: "refusal", refusal: "No" }]);
  });

  it("parses structured output", async () => {
    const City = z.object({ name: z.string(), population: z.number() });
    const response = await client().responses.parse({ model, input: "Describe Oslo", text: { format: zodTextFormat(City, "city") } });
    assert.equal(typeof response.output_parsed.name, "string");
    assert.equal(typeof response.output_parsed.population, "number");
    assert.equal(response.text.format.type, "json_schema");
    assert.equal(response.text.format.name, "city");
  });
}
