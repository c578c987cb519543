import assert from "node:assert/strict";
import { it } from "node:test";
import { zodResponsesFunction } from "openai/helpers/zod";
import { z } from "zod";
import { client, platform } from "../harness/platform.js";

const input = '[[fake tool=get_weather args={"city":"Oslo"}]]';
const weather = zodResponsesFunction({ name: "get_weather", description: "The weather in a city.", parameters: z.object({ city: z.string() }) });

export default function responseTools() {
  for (const model of ["fake-chat", "fake-claude"]) {
    it(`calls a function and takes its result by previous_response_id (${model})`, async () => {
      const asked = await client().responses.parse({ model, input, tools: [weather] });
      const [call] = asked.output;
      assert.equal(call.type, "function_call");
      assert.deepEqual(call.parsed_arguments, { city: "Oslo" });
      const answered = await client().responses.create({
        model,
        previous_response_id: asked.id,
        tools: [weather],
        input: [{ type: "function_call_output", call_id: call.call_id, output: "Sunny" }],
      });
      assert.match(answered.output_text, /Sunny/);
    });

    it(`calls a function and takes its result with the whole history (${model})`, async () => {
      const history = [{ role: "user", content: input }];
      const asked = await client().responses.create({ model, input: history, tools: [weather], store: false });
      history.push(...asked.output, ...asked.output.map((call) => ({ type: "function_call_output", call_id: call.call_id, output: "Sunny" })));
      const answered = await client().responses.create({ model, input: history, tools: [weather], store: false });
      assert.match(answered.output_text, /Sunny/);
    });
  }

  it("offers only the allowed tools", async () => {
    const time = { type: "function", name: "get_time", parameters: { type: "object", properties: {} }, strict: false };
    const tool_choice = { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "get_time" }] };
    const response = await client().responses.create({ model: "fake-chat", input: "What time is it?", tools: [weather, time], tool_choice });
    assert.deepEqual(response.output.map((item) => item.name), ["get_time"]);
    assert.deepEqual(response.tool_choice, tool_choice);
    const { body } = await platform.vendor.onlyCall();
    assert.deepEqual(body.tools.map((tool) => tool.function.name), ["get_time"]);
  });

  it("goes on with a function call in a conversation", async () => {
    const { id } = await client().conversations.create();
    const asked = await client().responses.create({ model: "fake-chat", conversation: id, input, tools: [weather] });
    const output = { type: "function_call_output", call_id: asked.output[0].call_id, output: "Sunny" };
    const answered = await client().responses.create({ model: "fake-chat", conversation: id, input: [output], tools: [weather] });
    assert.match(answered.output_text, /Sunny/);
    const types = [];
    for await (const item of client().conversations.items.list(id, { order: "asc" })) types.push(item.type);
    assert.deepEqual(types, ["message", "function_call", "function_call_output", "message"]);
  });
}
