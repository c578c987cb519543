import assert from "node:assert/strict";
import { it } from "node:test";
import { ResponsesWebSocketSession } from "openai/lib/responses/responses-websocket-session";
import { ResponsesWS } from "openai/resources/responses/ws";
import { client, platform } from "../harness/platform.js";

const model = "fake-chat";
const limits = { maxLanes: 16, maxBufferedEvents: 10_000, maxBufferedBytes: 16 * 1024 * 1024 };

export default function responseSockets() {
  it("sends over a WebSocket every event that it sends as a stream", async () => {
    const body = { model, input: "[[fake reasoning=3 tokens=20]]" };
    const streamed = [];
    for await (const event of await client().responses.create({ ...body, stream: true })) streamed.push(event);

    await withSocket(async (socket) => {
      socket.send({ type: "response.create", ...body });
      const events = await untilEnd(socket);
      assert.deepEqual(events.map((event) => event.type), streamed.map((event) => event.type));
      assert.deepEqual(events.map((event) => event.delta), streamed.map((event) => event.delta));
      const last = events.at(-1).response;
      assert.deepEqual((await client().responses.retrieve(last.id)).output, last.output);
    });
  });

  it("runs lanes beside each other, by the SDK's own lanes", async () => {
    await withSession(async (session) => {
      const lanes = ["a", "b", "c", undefined].map((name) => session.lane(name));
      for (const [index, lane] of lanes.entries()) lane.create({ model, input: `Hello ${index}` });
      for (const [index, lane] of lanes.entries()) {
        const response = await lane.finalResponse();
        assert.equal(response.status, "completed");
        assert.equal(response.output_text, `Happy to help. You said: "Hello ${index}" and this is my answer.`);
      }
    });
  });

  it("continues on the same connection what is not stored", async () => {
    await withSession(async (session) => {
      const lane = session.lane("agent");
      const tools = [{ type: "function", name: "get_weather", parameters: {}, strict: false }];
      lane.create({ model, tools, store: false, input: '[[fake tool=get_weather args={"city":"Oslo"}]]' });
      const first = await lane.finalResponse();
      const [call] = first.output;
      assert.equal(call.type, "function_call");
      lane.create({
        model, tools, store: false, previous_response_id: first.id,
        input: [{ type: "function_call_output", call_id: call.call_id, output: "Sunny" }],
      });
      const second = await lane.finalResponse();
      assert.match(second.output_text, /Sunny/);
      assert.equal(second.previous_response_id, first.id);
    });
  });

  it("reports a wrong request to its lane, and serves the next", async () => {
    await withSession(async (session) => {
      const lane = session.lane("a");
      lane.create({ model: "no-such-model", input: "Hello" });
      await assert.rejects(lane.finalResponse(), (error) => {
        assert.equal(error.error.status, 404);
        assert.equal(error.error.error.code, "model_not_found");
        assert.equal(error.error.error.param, "model");
        return true;
      });
      lane.create({ model, input: "Hello" });
      assert.equal((await lane.finalResponse()).status, "completed");
    });
  });

  it("prepares a request without generating", async () => {
    await withSession(async (session) => {
      const lane = session.lane();
      lane.create({ model, input: "My name is Ada.", generate: false });
      const prepared = await lane.finalResponse();
      assert.deepEqual(prepared.output, []);
      lane.create({ model, input: "Hello", previous_response_id: prepared.id });
      assert.equal((await lane.finalResponse()).status, "completed");
    });
  });

  it("refuses a wrong key before the connection opens", async () => {
    const socket = new ResponsesWS(client({ apiKey: "sk-wrong" }));
    const error = await new Promise((resolve) => socket.on("error", resolve));
    assert.match(error.message, /401/);
  });

  it("goes on with a stored response when the connection breaks", async () => {
    let id;
    await withSocket(async (socket) => {
      socket.send({ type: "response.create", model, input: "[[fake tokens=100 delay=5]]" });
      for await (const event of socket) {
        if (event.message?.type === "response.created") id = event.message.response.id;
        if (event.message?.type === "response.output_text.delta") break;
      }
      socket.socket.terminate();
    });
    let last;
    for await (const event of await client().responses.retrieve(id, { stream: true })) last = event;
    assert.equal(last.type, "response.completed");
    assert.equal(last.response.usage.output_tokens, 100);
    assert.equal((await platform.vendor.requests()).filter((request) => request.method === "POST").length, 1);
  });
}

async function withSocket(use) {
  const socket = new ResponsesWS(client());
  socket.on("error", () => {});
  try {
    await use(socket);
  } finally {
    socket.close();
  }
}

const withSession = (use) => withSocket(async (socket) => {
  await new Promise((resolve) => socket.socket.on("open", resolve));
  const session = new ResponsesWebSocketSession(socket, limits);
  try {
    await use(session);
  } finally {
    session.close();
  }
});

async function untilEnd(socket) {
  const events = [];
  for await (const event of socket) {
    if (event.type === "error") throw event.error;
    if (event.type !== "message") continue;
    events.push(event.message);
    if (/^response\.(completed|failed|incomplete)$/.test(event.message.type)) return events;
  }
  throw new Error("The connection ended before the response did.");
}
