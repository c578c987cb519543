import assert from "node:assert/strict";
import { it } from "node:test";
import OpenAI from "openai";
import { client, platform } from "../harness/platform.js";

const messages = (directive) => [{ role: "user", content: `[[fake ${directive}]]` }];

async function failure(promise, type, { status, code, param = null }) {
  const error = await promise.then(() => assert.fail("It should have been refused."), (reason) => reason);
  assert.ok(error instanceof type, `${error.constructor.name} ${error.status}: ${error.message}`);
  assert.equal(error.status, status);
  assert.equal(error.code, code);
  assert.equal(error.param, param);
  assert.ok(error.requestID, "every answer has a request id");
  return error;
}

export default function errors() {
  it("knows the caller by the key only", async () => {
    await failure(client({ apiKey: "sk-not-a-key-of-this-server" }).models.list(), OpenAI.AuthenticationError, { status: 401, code: "invalid_api_key" });
  });

  it("does not find what is not there", async () => {
    const id = "0123456789abcdef0123456789abcdef";
    const notFound = { status: 404, code: "not_found" };
    await failure(client().responses.retrieve(`resp_${id}`), OpenAI.NotFoundError, notFound);
    await failure(client().conversations.retrieve(`conv_${id}`), OpenAI.NotFoundError, notFound);
    await failure(client().responses.inputItems.list("no-id-at-all"), OpenAI.NotFoundError, notFound);
    await failure(client().chat.completions.create({ model: "no-such-model", messages: messages("tokens=1") }), OpenAI.NotFoundError, { status: 404, code: "model_not_found", param: "model" });
  });

  it("names the parameter at fault", async () => {
    const invalid = (param, code = "invalid_value") => ({ status: 400, param, code });
    const model = "fake-chat";
    await failure(client().chat.completions.create({ model, messages: messages("tokens=1"), temperature: 3 }), OpenAI.BadRequestError, invalid("temperature"));
    await failure(client().chat.completions.create({ model, messages: [{ role: "nobody", content: "x" }] }), OpenAI.BadRequestError, invalid("messages[0].role"));
    await failure(client().responses.create({ model, input: "x", prompt: { id: "pmpt_1" } }), OpenAI.BadRequestError, invalid("prompt", "unsupported_parameter"));
    await failure(client().responses.create({ model, input: [{ role: "user", content: 5 }] }), OpenAI.BadRequestError, invalid("input[0].content"));
    await failure(client().conversations.items.list("conv_0123456789abcdef0123456789abcdef", { limit: 1000 }), OpenAI.BadRequestError, invalid("limit"));
    await failure(client().embeddings.create({ model: "fake-embedding", input: "" }), OpenAI.BadRequestError, invalid("input"));
  });

  for (const streamed of [false, true]) {
    const create = (directive) => client().chat.completions.create({ model: "fake-chat", messages: messages(directive), stream: streamed });
    const how = streamed ? "a stream" : "an answer";

    it(`maps a vendor's failures to the SDK's classes (${how})`, async () => {
      const limited = await failure(create("status=429 retry-after=7"), OpenAI.RateLimitError, { status: 429, code: "rate_limit_exceeded" });
      assert.equal(limited.headers.get("retry-after"), "7");
      assert.equal((await create("status=500").catch((error) => error)).constructor, OpenAI.InternalServerError);
      assert.equal((await create("status=503").catch((error) => error)).constructor, OpenAI.InternalServerError);
      assert.equal((await create("garbage=headers").catch((error) => error)).constructor, OpenAI.InternalServerError);
    });
  }

  it("lets the SDK's own retries do their work", async () => {
    await platform.vendor.enqueue("status=503 retry-after=1");
    const completion = await client({ maxRetries: 2 }).chat.completions.create({ model: "fake-chat", messages: [{ role: "user", content: "Hello" }] });
    assert.match(completion.choices[0].message.content, /Hello/);
  });

  it("answers the request id that it was given", async () => {
    const { response } = await client().models.list({ headers: { "x-request-id": "my-own-id" } }).withResponse();
    assert.equal(response.headers.get("x-request-id"), "my-own-id");
  });
}
