import assert from "node:assert/strict";
import { it } from "node:test";
import OpenAI from "openai";
import { client } from "../harness/platform.js";

export default function models() {
  it("lists the models of every provider", async () => {
    const owners = new Map();
    for await (const model of client().models.list()) {
      assert.equal(model.object, "model");
      assert.ok(Number.isInteger(model.created));
      owners.set(model.id, model.owned_by);
    }
    assert.equal(owners.get("fake-chat"), "openai");
    assert.equal(owners.get("fake-claude"), "anthropic");
    assert.equal(owners.get("offline"), "offline");
  });

  it("gets a model", async () => {
    const model = await client().models.retrieve("fake-chat");
    assert.equal(model.id, "fake-chat");
    assert.equal(model.owned_by, "openai");
  });

  it("says that a model does not exist", async () => {
    await assert.rejects(client().models.retrieve("no-such-model"), (error) => {
      assert.ok(error instanceof OpenAI.NotFoundError);
      assert.equal(error.code, "model_not_found");
      assert.match(error.message, /no-such-model/);
      return true;
    });
  });
}
