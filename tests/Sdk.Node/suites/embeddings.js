import assert from "node:assert/strict";
import { it } from "node:test";
import { client, platform } from "../harness/platform.js";

const model = "fake-embedding";
const near = (left, right) => left.length === right.length && left.every((value, index) => Math.abs(value - right[index]) < 1e-6);

export default function embeddings() {
  // The SDK asks for base64 by itself, and decodes it.
  it("embeds texts with the SDK's own default encoding", async () => {
    const result = await client().embeddings.create({ model, input: ["one", "two"] });
    assert.equal(result.object, "list");
    assert.deepEqual(result.data.map((entry) => entry.index), [0, 1]);
    assert.ok(result.data[0].embedding.length > 100);
    assert.ok(result.data[0].embedding.every(Number.isFinite));
    assert.ok(!near(result.data[0].embedding, result.data[1].embedding));
    assert.ok(result.usage.prompt_tokens > 0);
    assert.equal(result.usage.total_tokens, result.usage.prompt_tokens);
  });

  it("gives the same vector as floats and as base64", async () => {
    const asFloats = await client().embeddings.create({ model, input: "one", encoding_format: "float" });
    const asBase64 = await client().embeddings.create({ model, input: "one", encoding_format: "base64" });
    const bytes = Buffer.from(asBase64.data[0].embedding, "base64");
    const decoded = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
    assert.ok(near(asFloats.data[0].embedding, decoded));
  });

  it("shortens vectors to the dimensions asked for", async () => {
    const result = await client().embeddings.create({ model, input: "one", dimensions: 64 });
    assert.equal(result.data[0].embedding.length, 64);
  });

  it("takes tokens", async () => {
    const result = await client().embeddings.create({ model, input: [[1, 2, 3], [4, 5]] });
    assert.equal(result.data.length, 2);
    const { body } = await platform.vendor.onlyCall();
    assert.deepEqual(body.input, [[1, 2, 3], [4, 5]]);
  });

  it("embeds without any vendor", async () => {
    const models = [];
    for await (const entry of client().models.list()) if (entry.owned_by === "offline") models.push(entry.id);
    const embedder = models.find((id) => id.includes("embed"));
    const result = await client().embeddings.create({ model: embedder, input: "one" });
    assert.ok(result.data[0].embedding.some((value) => value !== 0));
  });
}
