import assert from "node:assert/strict";
import { it } from "node:test";
import { toFile } from "openai";
import { client } from "../harness/platform.js";

const text = "# Fees\n\nMembers of the library pay no fee for lending.\n\nGuests pay 12 euros a year.\n\n# Hours\n\nThe library opens at nine and closes at six.\n";
let storeId;
const library = async () => {
  if (storeId) return storeId;
  const store = await client().vectorStores.create({ name: "Library" });
  const file = await client().vectorStores.files.uploadAndPoll(store.id, await toFile(Buffer.from(text), "library.md"), { pollIntervalMs: 50 });
  assert.equal(file.status, "completed");
  return (storeId = store.id);
};
const annotationsOf = (response) => response.output.flatMap((item) => (item.type === "message" ? item.content.flatMap((part) => part.annotations) : []));

export default function fileSearch() {
  it("answers from a document with a citation that holds", async () => {
    const response = await client().responses.create({
      model: "offline",
      input: "What do guests pay a year?",
      tools: [{ type: "file_search", vector_store_ids: [await library()], max_num_results: 3 }],
      include: ["file_search_call.results"],
    });
    const [search] = response.output;
    assert.equal(search.type, "file_search_call");
    assert.equal(search.status, "completed");
    assert.deepEqual(search.queries, ["What do guests pay a year?"]);
    assert.ok(search.results.some((result) => result.filename === "library.md" && result.text.includes("Guests pay") && result.score >= 0 && result.score <= 1));
    assert.match(response.output_text, /Guests pay 12 euros a year\./);
    const [citation] = annotationsOf(response);
    assert.equal(citation.type, "file_citation");
    assert.equal(citation.filename, "library.md");
    assert.equal(citation.quote, "Guests pay 12 euros a year.");
    assert.ok(response.output_text.slice(0, citation.index).endsWith("Guests pay 12 euros a year."));
  });

  it("streams searches, text and annotations, and puts them together", async () => {
    const query = encodeURIComponent(JSON.stringify({ queries: ["guests fee year"] }));
    const stream = client().responses.stream({
      model: "fake-chat",
      input: `[[fake tool=file_search args=${query} cite=right]]`,
      tools: [{ type: "file_search", vector_store_ids: [await library()] }],
    });
    const annotations = [];
    const types = new Set();
    for await (const event of stream) {
      types.add(event.type);
      if (event.type === "response.output_text.annotation.added") annotations.push(event.annotation);
    }
    const final = await stream.finalResponse();
    for (const type of ["in_progress", "searching", "completed"]) assert.ok(types.has(`response.file_search_call.${type}`), type);
    assert.ok(annotations.length > 0);
    assert.deepEqual(annotationsOf(final), annotations);
    for (const citation of annotations) assert.ok(text.replace(/^# /gm, "").includes(citation.quote) || text.includes(citation.quote), citation.quote);
    assert.doesNotMatch(final.output_text, /[【†】]/);
    const items = await client().responses.inputItems.list(final.id);
    assert.equal(items.data.length, 1);
  });

  it("goes on with the items of an answer from documents", async () => {
    const tools = [{ type: "file_search", vector_store_ids: [await library()] }];
    const first = await client().responses.create({ model: "offline", input: "What do guests pay a year?", tools });
    const second = await client().responses.create({ model: "offline", input: [...first.output, { role: "user", content: "When does the library open?" }], tools });
    assert.match(second.output_text, /opens at nine/);
    const third = await client().responses.create({ model: "offline", previous_response_id: second.id, input: "What do guests pay a year?", tools });
    assert.match(third.output_text, /12 euros/);
  });

  it("answers chat completions from documents", async () => {
    const body = { model: "offline", messages: [{ role: "user", content: "What do guests pay a year?" }], file_search: { vector_store_ids: [await library()] } };
    const completion = await client().chat.completions.create(body);
    assert.equal(completion.choices[0].message.annotations[0].filename, "library.md");
    let content = "";
    let annotations;
    for await (const chunk of await client().chat.completions.create({ ...body, stream: true })) {
      content += chunk.choices[0]?.delta.content ?? "";
      annotations ??= chunk.choices[0]?.delta.annotations;
    }
    assert.equal(content, completion.choices[0].message.content);
    assert.equal(annotations[0].quote, "Guests pay 12 euros a year.");
  });
}
