// Packs the rank tables of js-tiktoken into the compact files that the assembly embeds: node build.mjs OUTPUT_FOLDER
//
// A file is brotli over: the number of tokens (u32), then each token in rank order (u8 length, bytes),
// the number of special tokens (u32), then each (u32 id, u8 length, UTF-8 text). Little-endian.
//
// Every run works in a folder of its own and moves whole files into place, so that builds running at once cannot harm each other.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const output = resolve(process.argv[2]);
mkdirSync(output, { recursive: true });
const work = mkdtempSync(join(output, '.work-'));
try {
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(here, file), join(work, file));
  const npm = spawnSync('npm', ['ci', '--no-progress'], {
    cwd: work, encoding: 'utf8', timeout: 300_000, shell: process.platform === 'win32',
  });
  if (npm.status !== 0) throw new Error(`npm ci failed: ${npm.error?.message ?? npm.stderr}`);
  for (const name of ['o200k_base', 'cl100k_base']) {
    const module = await import(pathToFileURL(join(work, `node_modules/js-tiktoken/dist/ranks/${name}.js`)));
    const packed = brotliCompressSync(pack(name, module.default), { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
    const temporary = join(work, name);
    writeFileSync(temporary, packed);
    renameSync(temporary, join(output, `${name}.bpe.br`));
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function pack(name, { bpe_ranks, special_tokens }) {
  const tokens = [];
  for (const line of bpe_ranks.split('\n').filter(Boolean)) {
    const [, offset, ...encoded] = line.split(' ');
    encoded.forEach((token, i) => { tokens[Number(offset) + i] = Buffer.from(token, 'base64'); });
  }
  for (let rank = 0; rank < tokens.length; rank++)
    if (!tokens[rank]?.length || tokens[rank].length > 255) throw new Error(`${name}: rank ${rank} has no token, or one too long to pack`);

  const specials = Object.entries(special_tokens).map(([text, id]) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([u32(id), Buffer.from([bytes.length]), bytes]);
  });
  return Buffer.concat([
    u32(tokens.length), ...tokens.flatMap(token => [Buffer.from([token.length]), token]),
    u32(specials.length), ...specials,
  ]);
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
