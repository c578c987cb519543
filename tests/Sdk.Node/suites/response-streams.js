import assert from "node:assert/strict";
import { it } from "node:test";
import { client } from "../harness/platform.js";

const opening = ["response.created", "response.in_progress"];
const text = (kind) => [
  "response.output_item.added",
  "response.content_part.added",
  `response.${kind}.delta`,
  `response.${kind}.done`,
  "response.content_part.done",
  "response.output_item.done",
];
const functionCall = [
  "response.output_item.added",
  "response.function_call_arguments.delta",
  "response.function_call_arguments.done",
  "response.output_item.done",
];

const tools = [{ type: "function", name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } }, strict: false }];

const cases = [
  { name: "a text", input: "[[fake tokens=12]]", expected: [...opening, ...text("output_text"), "response.completed"] },
  { name: "a refusal", only: "fake-chat", input: "[[fake refusal=I%20cannot]]", expected: [...opening, ...text("refusal"), "response.completed"] },
  { name: "a text that was stopped as harmful", input: "[[fake tokens=5 filter]]", expected: [...opening, ...text("output_text"), "response.incomplete"] },
  { name: "reasoning and text", input: "[[fake reasoning=4 tokens=4]]", expected: [...opening, ...text("reasoning_text"), ...text("output_text"), "response.completed"] },
  { name: "a function call", input: '[[fake tool=get_weather args={"city":"Oslo"}]]', tools, expected: [...opening, ...functionCall, "response.completed"] },
  {
    name: "text and two function calls",
    input: '[[fake preamble=3 tool=get_weather args={"city":"Oslo"} tools=2]]',
    tools,
    expected: [...opening, ...text("output_text"), ...functionCall, ...functionCall, "response.completed"],
  },
  { name: "a text that was cut short", input: "[[fake tokens=200]]", max_output_tokens: 16, expected: [...opening, ...text("output_text"), "response.incomplete"] },
  { name: "a text that broke off and went on", input: "[[fake tokens=20 error-event=5 times=1]]", expected: [...opening, ...text("output_text"), "response.completed"] },
  { name: "a failure", input: "[[fake status=500]]", expected: [...opening, "response.failed"] },
];

export default function responseStreams() {
  for (const model of ["fake-chat", "fake-claude"]) {
    for (const { name, only: _, expected, ...body } of cases.filter((entry) => (entry.only ?? model) === model)) {
      it(`sends every event of ${name}, in order (${model})`, async () => {
        const events = [];
        for await (const event of await client().responses.create({ model, stream: true, ...body })) events.push(event);
        assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, index) => index));
        assert.deepEqual(events.map((event) => event.type).filter((type, index, all) => type !== all[index - 1]), expected);
        checkTexts(events);

        const last = events.at(-1).response;
        assert.equal(events.filter((event) => /\.(completed|incomplete|failed)$/.test(event.type)).length, 1);
        const kept = await client().responses.retrieve(last.id);
        assert.equal(kept.status, last.status);
        if (last.status !== "failed") assert.deepEqual(kept.output, last.output);
      });
    }

    it(`folds a stream into a response by the SDK's stream helper (${model})`, async () => {
      const stream = client().responses.stream({ model, input: "Hello" });
      let snapshot = "";
      stream.on("response.output_text.delta", (event) => (snapshot = event.snapshot));
      const response = await stream.finalResponse();
      assert.equal(response.status, "completed");
      assert.equal(response.output_text, 'Happy to help. You said: "Hello" and this is my answer.');
      assert.equal(snapshot, response.output_text);
    });
  }

  it("folds reasoning, text and function calls by the SDK's stream helper", async () => {
    const stream = client().responses.stream({ model: "fake-chat", input: '[[fake reasoning=3 preamble=3 tool=get_weather args={"city":"Oslo"} tools=2]]', tools });
    const response = await stream.finalResponse();
    assert.deepEqual(response.output.map((item) => item.type), ["reasoning", "message", "function_call", "function_call"]);
    assert.deepEqual(JSON.parse(response.output[2].arguments), { city: "Oslo" });
  });

  it("says what failed", async () => {
    const events = [];
    for await (const event of await client().responses.create({ model: "fake-chat", input: "[[fake status=500]]", stream: true })) events.push(event);
    const { response } = events.at(-1);
    assert.equal(response.status, "failed");
    assert.equal(response.error.code, "server_error");
    assert.ok(response.error.message.length > 10);
  });

  it("goes on when the client hangs up", async () => {
    let id;
    for await (const event of await client().responses.create({ model: "fake-chat", input: "[[fake tokens=100 delay=5]]", stream: true })) {
      if (event.type === "response.created") id = event.response.id;
      if (event.type === "response.output_text.delta") break;
    }
    const deadline = Date.now() + 30_000;
    let response;
    do response = await client().responses.retrieve(id);
    while (response.status === "in_progress" && Date.now() < deadline);
    assert.equal(response.status, "completed");
    assert.equal(response.usage.output_tokens, 100);
  });
}

/** The deltas of each part add up to the part's own text, and that to the item's. */
function checkTexts(events) {
  const parts = new Map();
  const of = (event) => `${event.item_id} ${event.content_index ?? "arguments"}`;
  for (const event of events) {
    if (event.type.endsWith(".delta")) parts.set(of(event), (parts.get(of(event)) ?? "") + event.delta);
    if (/(text|refusal|arguments)\.done$/.test(event.type)) assert.equal(event.text ?? event.refusal ?? event.arguments, parts.get(of(event)));
    if (event.type === "response.output_item.done") {
      for (const [index, part] of (event.item.content ?? []).entries()) assert.equal(part.text ?? part.refusal, parts.get(`${event.item.id} ${index}`));
      assert.deepEqual(events.at(-1).response.output[event.output_index], event.item);
    }
  }
}
