// s3rver, and the two things of multipart uploads that it lacks: to list those that are not completed, and to abort one.
// node server.js FOLDER BUCKET: listens on a free port of 127.0.0.1, and says which.
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import S3rver from "s3rver";

const [directory, bucket] = process.argv.slice(2);
const uploads = join(directory, bucket, "._S3rver_uploads");
const isId = /^[\w-]+$/;

async function unfinished() {
  const ids = await readdir(uploads).catch(() => []);
  return Promise.all(ids.map(async (id) => ({ id, key: await readFile(join(uploads, id, "key"), "utf8") })));
}

async function multipart(ctx, next) {
  const { uploads: list, uploadId } = ctx.query;
  if (ctx.method === "DELETE" && isId.test(uploadId ?? "")) {
    await rm(join(uploads, uploadId), { recursive: true, force: true });
    ctx.status = 204;
  } else if (ctx.method === "GET" && list !== undefined) {
    const found = (await unfinished()).filter(({ key }) => key.startsWith(ctx.query.prefix ?? ""));
    ctx.type = "application/xml";
    ctx.body = `<?xml version="1.0"?><ListMultipartUploadsResult><Bucket>${bucket}</Bucket>${found
      .map(({ id, key }) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId></Upload>`)
      .join("")}</ListMultipartUploadsResult>`;
  } else {
    await next();
  }
}

const server = new S3rver({ directory, address: "127.0.0.1", port: 0, silent: true, configureBuckets: [{ name: bucket, configs: [] }] });
server.middleware.unshift(multipart);
const { address, port } = await server.run();
console.log("listening on %s:%d", address, port);
