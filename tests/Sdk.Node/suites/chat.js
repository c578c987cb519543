import assert from "node:assert/strict";
import { it } from "node:test";
import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import { z } from "zod";
import { client, platform } from "../harness/platform.js";

const user = (content) => [{ role: "user", content }];
const ECHO = 'Happy to help. You said: "Hello" and this is my answer.';

const weatherTool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather in a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    function: ({ city }) => `Sunny in ${city}`,
    parse: JSON.parse,
  },
};

const callsWeather = '[[fake tool=get_weather args={"city":"Oslo"}]]';

export default function chat() {
  for (const model of ["fake-chat", "fake-claude"]) {
    it(`answers in one piece (${model})`, async () => {
      const completion = await client().chat.completions.create({ model, messages: user("Hello") });
      assert.equal(completion.object, "chat.completion");
      assert.match(completion.id, /^chatcmpl/);
      assert.equal(completion.choices.length, 1);
      assert.equal(completion.choices[0].message.role, "assistant");
      assert.equal(completion.choices[0].message.content, ECHO);
      assert.equal(completion.choices[0].finish_reason, "stop");
      assert.ok(completion.usage.prompt_tokens > 0);
      assert.equal(completion.usage.total_tokens, completion.usage.prompt_tokens + completion.usage.completion_tokens);
    });

    it(`streams, with the usage at the end (${model})`, async () => {
      const stream = await client().chat.completions.create({ model, messages: user("Hello"), stream: true, stream_options: { include_usage: true } });
      let text = "";
      let usage;
      const finished = [];
      for await (const chunk of stream) {
        assert.equal(chunk.object, "chat.completion.chunk");
        assert.equal(usage, undefined, "nothing follows the usage");
        text += chunk.choices[0]?.delta.content ?? "";
        if (chunk.choices[0]?.finish_reason) finished.push(chunk.choices[0].finish_reason);
        if (chunk.choices.length === 0) usage = chunk.usage;
      }
      assert.equal(text, ECHO);
      assert.deepEqual(finished, ["stop"]);
      assert.ok(usage.completion_tokens > 0);
    });

    it(`streams without usage unless asked for it (${model})`, async () => {
      for await (const chunk of await client().chat.completions.create({ model, messages: user("Hello"), stream: true })) {
        assert.equal(chunk.choices.length, 1);
        assert.ok(chunk.usage == null);
      }
    });

    it(`folds a stream into a completion by the SDK's stream helper (${model})`, async () => {
      const stream = client().chat.completions.stream({ model, messages: user("Hello"), stream_options: { include_usage: true } });
      const deltas = [];
      stream.on("content", (delta) => deltas.push(delta));
      assert.equal(await stream.finalContent(), ECHO);
      assert.equal(deltas.join(""), ECHO);
      assert.ok((await stream.totalUsage()).total_tokens > 0);
    });

    for (const streamed of [false, true]) {
      it(`runs tools until the model has its answer (${model}${streamed ? ", streamed" : ""})`, async () => {
        const runner = client().chat.completions.runTools({ model, messages: user(callsWeather), tools: [weatherTool], stream: streamed });
        const results = [];
        runner.on("functionToolCallResult", (result) => results.push(result));
        assert.match(await runner.finalContent(), /Sunny in Oslo/);
        assert.deepEqual(results, ["Sunny in Oslo"]);
        assert.deepEqual(runner.messages.map((message) => message.role), ["user", "assistant", "tool", "assistant"]);
      });
    }

    it(`stops the model when clients hang up (${model})`, async () => {
      // Several: hanging up meets the server in the middle of whatever it is doing.
      const hangUp = async (_, seed) => {
        const stream = await client().chat.completions.create({ model, messages: user(`[[fake tokens=5000 delay=5 seed=${seed}]]`), stream: true });
        for await (const chunk of stream) {
          if (chunk.choices[0]?.delta.content) break;
        }
      };
      await Promise.all(Array.from({ length: 10 }, hangUp));
      const requests = await platform.vendor.until((seen) => seen.length === 10 && seen.every((request) => request.finishedAt));
      assert.deepEqual(new Set(requests.map((request) => request.outcome)), new Set(["clientAborted"]));
    });
  }

  // Models that promise to keep to a schema; of others it is only asked.
  for (const model of ["fake-chat", "claude-sonnet-4-6"]) {
    it(`parses structured output (${model})`, async () => {
      const City = z.object({ name: z.string(), population: z.number() });
      const completion = await client().chat.completions.parse({ model, messages: user("Describe Oslo"), response_format: zodResponseFormat(City, "city") });
      const { parsed } = completion.choices[0].message;
      assert.equal(typeof parsed.name, "string");
      assert.equal(typeof parsed.population, "number");
    });
  }

  it("stops the model when an unstreamed request is aborted", async () => {
    const abort = new AbortController();
    const pending = client().chat.completions.create({ model: "fake-chat", messages: user("[[fake hang=first]]") }, { signal: abort.signal });
    await platform.vendor.until((seen) => seen.length > 0);
    abort.abort();
    await assert.rejects(pending, OpenAI.APIUserAbortError);
    const request = await platform.vendor.onlyCall();
    assert.equal(request.outcome, "clientAborted");
  });

  it("offers several choices, with log probabilities", async () => {
    const completion = await client().chat.completions.create({ model: "fake-chat", messages: user("[[fake tokens=4]]"), n: 2, logprobs: true, top_logprobs: 2 });
    assert.deepEqual(completion.choices.map((choice) => choice.index), [0, 1]);
    assert.notEqual(completion.choices[0].message.content, completion.choices[1].message.content);
    for (const choice of completion.choices) {
      assert.equal(choice.logprobs.content.map((token) => token.token).join(""), choice.message.content);
      assert.equal(choice.logprobs.content[0].top_logprobs.length, 2);
    }
  });

  it("passes on what the API has no word for, and the SDK's options that reach the vendor", async () => {
    await client().chat.completions.create({ model: "fake-chat", messages: user("Hello"), seed: 7, logit_bias: { 50256: -100 }, top_k: 3 });
    const { body } = await platform.vendor.onlyCall();
    assert.equal(body.seed, 7);
    assert.deepEqual(body.logit_bias, { 50256: -100 });
    assert.equal(body.top_k, 3);
  });

  it("shows a refusal", async () => {
    const completion = await client().chat.completions.create({ model: "fake-chat", messages: user("[[fake refusal=No]]") });
    assert.equal(completion.choices[0].message.refusal, "No");
    assert.equal(completion.choices[0].message.content, null);
  });

  it("reports a connection that broke in mid-stream as an error of the SDK", async () => {
    const stream = await client().chat.completions.create({ model: "fake-chat", messages: user("[[fake tokens=20 cut=5]]"), stream: true });
    await assert.rejects(async () => {
      for await (const chunk of stream) assert.equal(chunk.object, "chat.completion.chunk");
    }, OpenAI.APIError);
  });
}
