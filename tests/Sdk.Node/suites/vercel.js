// The other SDK that many web apps use: Vercel's ai, with its own OpenAI provider.
import assert from "node:assert/strict";
import { it } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import { embedMany, generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";
import { platform } from "../harness/platform.js";

const provider = () => createOpenAI({ baseURL: platform.baseURL, apiKey: platform.apiKey });
const ECHO = 'Happy to help. You said: "Hello" and this is my answer.';

export default function vercel() {
  for (const api of ["chat", "responses"]) {
    it(`streams a text (${api})`, async () => {
      const failures = [];
      const result = streamText({ model: provider()[api]("fake-chat"), prompt: "Hello", maxRetries: 0, onError: ({ error }) => failures.push(error) });
      let text = "";
      for await (const delta of result.textStream) text += delta;
      assert.deepEqual(failures, []);
      assert.equal(text, ECHO);
      assert.equal(await result.finishReason, "stop");
      assert.ok((await result.usage).totalTokens > 0);
    });

    it(`calls tools until the model has its answer (${api})`, async () => {
      const { text, steps } = await generateText({
        model: provider()[api]("fake-chat"),
        prompt: '[[fake tool=get_weather args={"city":"Oslo"}]]',
        tools: { get_weather: tool({ description: "The weather in a city.", inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `Sunny in ${city}` }) },
        stopWhen: stepCountIs(3),
        maxRetries: 0,
      });
      assert.equal(steps.length, 2);
      assert.match(text, /Sunny in Oslo/);
    });
  }

  it("embeds", async () => {
    const { embeddings } = await embedMany({ model: provider().embedding("fake-embedding"), values: ["one", "two"], maxRetries: 0 });
    assert.equal(embeddings.length, 2);
  });
}
