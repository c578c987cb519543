import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { it } from "node:test";
import OpenAI, { toFile } from "openai";
import { client } from "../harness/platform.js";

const begin = (bytes, more = {}) => client().uploads.create({ filename: "whole.bin", purpose: "user_data", bytes, mime_type: "application/octet-stream", ...more });
const part = async (upload, data) => (await client().uploads.parts.create(upload.id, { data: await toFile(data, "part") })).id;

export default function uploads() {
  it("puts a file together from parts", async () => {
    const whole = randomBytes(6_000_000);
    const upload = await begin(whole.length);
    assert.equal(upload.status, "pending");
    const ids = await Promise.all([0, 2_500_000, 5_000_000].map((from) => part(upload, whole.subarray(from, from + 2_500_000))));

    const md5 = createHash("md5").update(whole).digest("hex");
    const completed = await client().uploads.complete(upload.id, { part_ids: ids, md5 });
    assert.equal(completed.status, "completed");
    assert.equal(completed.file.bytes, whole.length);
    const content = Buffer.from(await (await client().files.content(completed.file.id)).arrayBuffer());
    assert.ok(content.equals(whole));
    assert.equal((await client().uploads.complete(upload.id, { part_ids: ids })).file.id, completed.file.id);
  });

  it("cancels an upload", async () => {
    const upload = await begin(4);
    const id = await part(upload, Buffer.from("data"));
    assert.equal((await client().uploads.cancel(upload.id)).status, "cancelled");
    await assert.rejects(client().uploads.complete(upload.id, { part_ids: [id] }), (error) => {
      assert.ok(error instanceof OpenAI.ConflictError);
      assert.equal(error.code, "upload_not_pending");
      return true;
    });
  });

  it("refuses what cannot become a file", async () => {
    for (const [body, param] of [
      [{ bytes: 0 }, "bytes"],
      [{ bytes: 10 ** 12 }, "bytes"],
      [{ purpose: "fun" }, "purpose"],
      [{ filename: "" }, "filename"],
      [{ expires_after: { anchor: "created_at", seconds: 1 } }, "expires_after.seconds"],
    ]) {
      await assert.rejects(begin(4, body), (error) => {
        assert.equal(error.status, 400);
        assert.equal(error.param, param);
        return true;
      });
    }
  });
}
