import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it } from "node:test";
import OpenAI, { toFile } from "openai";
import { MAX_FILE_BYTES, client } from "../harness/platform.js";

const file = (text, name) => toFile(Buffer.from(text), name);

export default function files() {
  it("uploads, shows, downloads and deletes a file", async () => {
    const created = await client().files.create({ file: await file("It opens at nine.", "opening hours.txt"), purpose: "user_data" });
    assert.equal(created.object, "file");
    assert.equal(created.bytes, 17);
    assert.equal(created.filename, "opening hours.txt");
    assert.equal(created.purpose, "user_data");

    assert.deepEqual(await client().files.retrieve(created.id), created);
    assert.equal((await client().files.waitForProcessing(created.id)).status, "processed");
    const content = await client().files.content(created.id);
    assert.equal(await content.text(), "It opens at nine.");
    assert.match(content.headers.get("content-disposition"), /^attachment/);
    assert.deepEqual(await client().files.delete(created.id), { id: created.id, object: "file", deleted: true });
    await assert.rejects(client().files.retrieve(created.id), OpenAI.NotFoundError);
  });

  it("uploads from a stream, a web File, and with a name of any script", async () => {
    const folder = await mkdtemp(join(tmpdir(), "aiplatform-sdk-"));
    try {
      const path = join(folder, "पुस्तकालय.txt");
      await writeFile(path, "x".repeat(1_000_000));
      const streamed = await client().files.create({ file: createReadStream(path), purpose: "assistants" });
      assert.equal(streamed.bytes, 1_000_000);
      assert.equal(streamed.filename, "पुस्तकालय.txt");
      const web = await client().files.create({ file: new File(["資料"], "資料.md", { type: "text/markdown" }), purpose: "user_data" });
      assert.equal(web.filename, "資料.md");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("lists, a page after the other", async () => {
    const names = [];
    for (let n = 0; n < 5; n++) names.push((await client().files.create({ file: await file(`{"n":${n}}`, `${n}.jsonl`), purpose: "evals" })).filename);

    const listed = [];
    for await (const one of client().files.list({ purpose: "evals", limit: 2, order: "asc" })) listed.push(one.filename);
    assert.deepEqual(listed, names);
  });

  it("deletes all while it lists them", async () => {
    for await (const one of client().files.list({ purpose: "evals", limit: 2 })) await client().files.delete(one.id);
    assert.equal((await client().files.list({ purpose: "evals" })).data.length, 0);
  });

  it("lets a file expire", async () => {
    const created = await client().files.create({ file: await file("short", "short.txt"), purpose: "user_data", expires_after: { anchor: "created_at", seconds: 3600 } });
    assert.equal(created.expires_at - created.created_at, 3600);
  });

  it("says why it refuses a file", async () => {
    await assert.rejects(client().files.create({ file: await file("no lines", "batch.jsonl"), purpose: "batch" }), (error) => {
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.code, "invalid_file");
      assert.match(error.message, /JSON Lines/);
      return true;
    });
    await assert.rejects(client().files.create({ file: await file("x", "x.txt"), purpose: "fun" }), (error) => {
      assert.equal(error.status, 400);
      assert.equal(error.param, "purpose");
      return true;
    });
  });

  it("says that a file is too large, whether or not its size is told first", async () => {
    for (const size of [MAX_FILE_BYTES + 1, 2 * MAX_FILE_BYTES]) {
      await assert.rejects(client().files.create({ file: await toFile(Buffer.alloc(size), "large.bin"), purpose: "user_data" }), (error) => {
        assert.equal(error.status, 413, error.message);
        assert.equal(error.code, "file_too_large");
        return true;
      });
    }
  });
}
