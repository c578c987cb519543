import assert from "node:assert/strict";
import { it } from "node:test";
import OpenAI, { toFile } from "openai";
import { client } from "../harness/platform.js";

const options = { pollIntervalMs: 50 };
const document = (name, text) => toFile(Buffer.from(text), name);
const upload = async (name, text) => (await client().files.create({ file: await document(name, text), purpose: "assistants" })).id;
const collect = async (list) => {
  const all = [];
  for await (const entry of list) all.push(entry);
  return all;
};

export default function vectorStores() {
  it("creates, shows, changes, lists and deletes a vector store", async () => {
    const created = await client().vectorStores.create({ name: "Handbook", metadata: { topic: "tests" }, expires_after: { anchor: "last_active_at", days: 7 } });
    assert.match(created.id, /^vs_/);
    assert.equal(created.object, "vector_store");
    assert.equal(created.status, "completed");
    assert.deepEqual(created.file_counts, { in_progress: 0, completed: 0, failed: 0, cancelled: 0, total: 0 });
    assert.deepEqual(await client().vectorStores.retrieve(created.id), created);
    const updated = await client().vectorStores.update(created.id, { name: "Rules", expires_after: null });
    assert.equal(updated.name, "Rules");
    assert.equal(updated.expires_after, undefined);
    assert.deepEqual(updated.metadata, { topic: "tests" });
    const listed = await collect(client().vectorStores.list({ limit: 1 }));
    assert.ok(listed.some((store) => store.id === created.id));
    assert.deepEqual(await client().vectorStores.delete(created.id), { id: created.id, object: "vector_store.deleted", deleted: true });
    await assert.rejects(client().vectorStores.retrieve(created.id), OpenAI.NotFoundError);
  });

  it("uploads a file, waits until it is ready, and reads its text", async () => {
    const store = await client().vectorStores.create({ name: "Uploads" });
    const file = await client().vectorStores.files.uploadAndPoll(store.id, await document("hours.md", "# Opening hours\n\nThe office opens at nine.\n\n# दफ़्तर\n\nदफ़्तर नौ बजे खुलता है।"), options);
    assert.equal(file.status, "completed", file.last_error?.message);
    assert.equal(file.last_error, null);
    assert.equal(file.filename, "hours.md");
    assert.equal(file.progress, 1);
    assert.ok(file.usage_bytes > 0);
    const text = (await collect(client().vectorStores.files.content(file.id, { vector_store_id: store.id }))).map((page) => page.text).join("\n");
    assert.match(text, /The office opens at nine\./);
    assert.match(text, /नौ बजे/);
    const shown = await client().vectorStores.retrieve(store.id);
    assert.equal(shown.status, "completed");
    assert.equal(shown.file_counts.completed, 1);
    assert.equal(shown.usage_bytes, file.usage_bytes);
  });

  it("says why a file cannot be read", async () => {
    const store = await client().vectorStores.create({});
    const file = await client().vectorStores.files.uploadAndPoll(store.id, await document("broken.pdf", "%PDF-1.7 and nothing more"), options);
    assert.equal(file.status, "failed");
    assert.equal(file.last_error.code, "invalid_file");
    assert.ok(file.last_error.message.length > 10);
    const again = await client().post(`/vector_stores/${store.id}/files/${file.id}/retry`);
    assert.equal(again.status, "in_progress");
    assert.equal((await client().vectorStores.files.poll(store.id, file.id, options)).status, "failed");
  });

  it("attaches with attributes and chunking, lists by state, updates, replaces and detaches", async () => {
    const store = await client().vectorStores.create({});
    const [one, two] = [await upload("one.txt", "One. ".repeat(500)), await upload("two.txt", "Two.")];
    const first = await client().vectorStores.files.createAndPoll(
      store.id,
      { file_id: one, attributes: { year: 2026, draft: false, who: "us" }, chunking_strategy: { type: "static", static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 20 } } },
      options,
    );
    assert.equal(first.status, "completed");
    assert.ok(first.chunk_count > 5);
    assert.deepEqual(first.attributes, { year: 2026, draft: false, who: "us" });
    assert.deepEqual(first.chunking_strategy, { type: "static", static: { max_chunk_size_tokens: 100, chunk_overlap_tokens: 20 } });
    const updated = await client().vectorStores.files.update(one, { vector_store_id: store.id, attributes: { year: 2027 } });
    assert.deepEqual(updated.attributes, { year: 2027 });

    const second = await client().vectorStores.files.createAndPoll(store.id, { file_id: two, replaces: one }, options);
    assert.equal(second.status, "completed");
    assert.deepEqual((await collect(client().vectorStores.files.list(store.id, { filter: "completed" }))).map((file) => file.id), [two]);
    assert.deepEqual(await collect(client().vectorStores.files.list(store.id, { filter: "failed" })), []);
    assert.deepEqual(await client().vectorStores.files.delete(two, { vector_store_id: store.id }), { id: two, object: "vector_store.file.deleted", deleted: true });
    await assert.rejects(client().vectorStores.files.retrieve(two, { vector_store_id: store.id }), OpenAI.NotFoundError);
    assert.equal((await client().files.retrieve(two)).id, two);
  });

  it("uploads a batch of files and waits until all are done", async () => {
    const store = await client().vectorStores.create({});
    const there = await upload("there.txt", "Already there.");
    const files = await Promise.all(["a.txt", "b.csv", "c.json"].map((name) => document(name, name === "c.json" ? '{"c":"three"}' : "x,y\n1,2\n")));
    const batch = await client().vectorStores.fileBatches.uploadAndPoll(store.id, { files, fileIds: [there] }, options);
    assert.equal(batch.object, "vector_store.files_batch");
    assert.equal(batch.status, "completed");
    assert.deepEqual(batch.file_counts, { in_progress: 0, completed: 4, failed: 0, cancelled: 0, total: 4 });
    const listed = await collect(client().vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: store.id, limit: 3 }));
    assert.equal(listed.length, 4);
    assert.ok(listed.some((file) => file.id === there));
    // It had ended already.
    assert.equal((await client().vectorStores.fileBatches.cancel(batch.id, { vector_store_id: store.id })).status, "completed");
  });

  it("lists files page by page, in both orders", async () => {
    const ids = [];
    for (let i = 0; i < 25; i++) ids.push(await upload(`${i}.txt`, `Number ${i}.`));
    const store = await client().vectorStores.create({ file_ids: ids });
    const ascending = (await collect(client().vectorStores.files.list(store.id, { order: "asc", limit: 10 }))).map((file) => file.id);
    assert.deepEqual(ascending.toSorted(), ids.toSorted());
    assert.deepEqual((await collect(client().vectorStores.files.list(store.id))).map((file) => file.id), ascending.toReversed());
    const before = await client().vectorStores.files.list(store.id, { order: "asc", limit: 3, before: ascending[10] });
    assert.deepEqual(before.data.map((file) => file.id), ascending.slice(7, 10));
  });

  it("searches, with filters, several queries, a threshold and pages", async () => {
    const store = await client().vectorStores.create({});
    const texts = { "lund.txt": "Lund has a university from 1666.", "pisa.txt": "Pisa has a leaning tower and a university from 1343.", "bern.txt": "Bern is the capital of Switzerland." };
    for (const [name, text] of Object.entries(texts)) {
      await client().vectorStores.files.createAndPoll(store.id, { file_id: await upload(name, text), attributes: { town: name.slice(0, 4), year: name === "bern.txt" ? 0 : 1 } }, options);
    }

    const found = await client().vectorStores.search(store.id, { query: "Where is the leaning tower?" });
    assert.equal(found.data[0].filename, "pisa.txt");
    assert.equal(found.data[0].content[0].text, texts["pisa.txt"]);
    assert.equal(found.data[0].attributes.town, "pisa");
    assert.ok(found.data.every((result, i) => result.score >= 0 && result.score <= 1 && (i === 0 || result.score <= found.data[i - 1].score)));

    const both = await client().vectorStores.search(store.id, {
      query: ["leaning tower", "capital of Switzerland"],
      rewrite_query: true,
      filters: { type: "and", filters: [{ type: "gte", key: "year", value: 1 }, { type: "nin", key: "town", value: ["lund"] }] },
    });
    assert.deepEqual(both.data.map((result) => result.filename), ["pisa.txt"]);
    const none = await client().vectorStores.search(store.id, { query: "leaning tower", ranking_options: { score_threshold: 1, ranker: "none" } });
    assert.deepEqual(none.data, []);

    const first = await (await client().vectorStores.search(store.id, { query: "university", max_num_results: 1 }).asResponse()).json();
    assert.equal(first.has_more, true);
    const second = await client().vectorStores.search(store.id, { query: "university", max_num_results: 1, page: first.next_page });
    assert.notEqual(second.data[0].filename, first.data[0].filename);
    await assert.rejects(client().vectorStores.search(store.id, { query: "university", max_num_results: 51 }), OpenAI.BadRequestError);
    await assert.rejects(client().vectorStores.search("vs_0123456789abcdef0123456789abcdef", { query: "university" }), OpenAI.NotFoundError);
  });

  it("has no store, file or batch that is not there", async () => {
    const store = await client().vectorStores.create({});
    const nobodys = "0123456789abcdef0123456789abcdef";
    await assert.rejects(client().vectorStores.files.create(store.id, { file_id: `file-${nobodys}` }), OpenAI.NotFoundError);
    await assert.rejects(client().vectorStores.files.retrieve(`file-${nobodys}`, { vector_store_id: store.id }), OpenAI.NotFoundError);
    await assert.rejects(client().vectorStores.fileBatches.retrieve(`vsfb_${nobodys}`, { vector_store_id: store.id }), OpenAI.NotFoundError);
    await assert.rejects(client().vectorStores.create({ expires_after: { anchor: "last_active_at", days: 0 } }), OpenAI.BadRequestError);
  });
}
