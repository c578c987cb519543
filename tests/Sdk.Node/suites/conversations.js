import assert from "node:assert/strict";
import { it } from "node:test";
import OpenAI from "openai";
import { client, platform } from "../harness/platform.js";

const message = (text) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
const textsOf = (items) => items.map((item) => item.content[0].text);
const collect = async (list) => {
  const all = [];
  for await (const entry of list) all.push(entry);
  return all;
};

export default function conversations() {
  it("creates, shows, changes and deletes a conversation", async () => {
    const created = await client().conversations.create({ metadata: { topic: "tests" } });
    assert.match(created.id, /^conv_/);
    assert.equal(created.object, "conversation");
    assert.deepEqual(await client().conversations.retrieve(created.id), created);
    const updated = await client().conversations.update(created.id, { metadata: { topic: "more tests" } });
    assert.deepEqual(updated, { ...created, metadata: { topic: "more tests" } });
    assert.deepEqual(await client().conversations.delete(created.id), { id: created.id, object: "conversation.deleted", deleted: true });
    await assert.rejects(client().conversations.retrieve(created.id), OpenAI.NotFoundError);
  });

  it("adds, shows, lists and deletes items", async () => {
    const { id } = await client().conversations.create({ items: [message("one")] });
    const added = await client().conversations.items.create(id, { items: [message("two"), { role: "assistant", content: "three" }] });
    assert.equal(added.object, "list");
    assert.deepEqual(textsOf(added.data), ["two", "three"]);
    assert.deepEqual(added.data.map((item) => item.status), ["completed", "completed"]);
    const [, two, three] = await collect(client().conversations.items.list(id, { order: "asc" }));
    assert.deepEqual(await client().conversations.items.retrieve(two.id, { conversation_id: id }), two);
    assert.equal(three.content[0].type, "output_text");
    const left = await client().conversations.items.delete(two.id, { conversation_id: id });
    assert.equal(left.id, id);
    assert.deepEqual(textsOf(await collect(client().conversations.items.list(id, { order: "asc" }))), ["one", "three"]);
  });

  it("lists items page by page, in both orders", async () => {
    const expected = Array.from({ length: 45 }, (_, index) => `item ${index}`);
    const { id } = await client().conversations.create({ items: expected.slice(0, 20).map(message) });
    await client().conversations.items.create(id, { items: expected.slice(20, 40).map(message) });
    await client().conversations.items.create(id, { items: expected.slice(40).map(message) });
    assert.deepEqual(textsOf(await collect(client().conversations.items.list(id, { order: "asc", limit: 10 }))), expected);
    assert.deepEqual(textsOf(await collect(client().conversations.items.list(id))), expected.toReversed());
    const first = await client().conversations.items.list(id, { order: "asc", limit: 30 });
    assert.equal(first.has_more, true);
    const second = await first.getNextPage();
    assert.equal(second.data.length, 15);
    assert.equal(second.has_more, false);
  });

  it("remembers what responses said in it", async () => {
    const { id } = await client().conversations.create({ items: [message("My name is Ada.")] });
    for (const conversation of [id, { id }]) {
      const response = await client().responses.create({ model: "fake-chat", conversation, input: "What is my name?" });
      assert.deepEqual(response.conversation, { id });
    }
    const last = (await platform.vendor.requests()).filter((seen) => seen.path === "/v1/chat/completions").at(-1);
    assert.deepEqual(last.body.messages.map((entry) => entry.role), ["user", "user", "assistant", "user"]);
    const items = await collect(client().conversations.items.list(id, { order: "asc" }));
    assert.deepEqual(items.map((item) => item.role), ["user", "user", "assistant", "user", "assistant"]);
  });

  it("takes one response at a time", async () => {
    const { id } = await client().conversations.create();
    const stream = await client().responses.create({ model: "fake-chat", conversation: id, input: "[[fake tokens=5000 delay=20]]", stream: true });
    let response;
    for await (const event of stream) {
      if (event.type === "response.created") ({ response } = event);
      if (event.type !== "response.output_text.delta") continue;
      await assert.rejects(client().responses.create({ model: "fake-chat", conversation: id, input: "Me too" }), (error) => {
        assert.ok(error instanceof OpenAI.ConflictError);
        assert.equal(error.code, "conversation_locked");
        assert.ok(Number(error.headers.get("retry-after")) >= 1);
        return true;
      });
      break;
    }
    assert.equal((await client().responses.cancel(response.id)).status, "cancelled");
    assert.equal((await client().responses.create({ model: "fake-chat", conversation: id, input: "Now me [[fake tokens=3]]" })).status, "completed");
  });
}
