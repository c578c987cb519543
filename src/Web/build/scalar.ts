import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const root = 'node_modules/@scalar/api-reference';
const bundle = `${root}/dist/browser/standalone.js`;

/**
 * The page at /scalar (public/scalar) shows the API reference with Scalar's own bundle, served from here like everything else. Its map tells which packages
 * are in it: their licences follow those of the app in the file that Vite writes.
 */
export function scalar(licences: string): Plugin {
  return {
    name: 'scalar',
    apply: 'build',
    generateBundle: {
      // Vite has written its own by now.
      order: 'post',
      handler(_, output) {
        this.emitFile({ type: 'asset', fileName: 'scalar/standalone.js', source: readFileSync(bundle) });
        const file = output[licences];
        if (file?.type !== 'asset') throw new Error(`${licences} is not written: see build.license.`);
        file.source = `${file.source}\n# Licenses of the API reference (/scalar)\n${packages().map(entry).join('')}`;
      },
    },
  };
}

interface Bundled {
  name: string;
  version: string;
  folder: string;
}

/** Where packages lie: one name in several versions, perhaps. */
const installed = Object.entries((json('package-lock.json') as { packages: Record<string, { version?: string }> }).packages);

/** The packages that the map names: those of Scalar's own repository by their folder, others by the folder that pnpm gave them. */
function packages(): Bundled[] {
  const found = new Map<string, Bundled>();
  for (const source of (json(`${bundle}.map`) as { sources: string[] }).sources) {
    const [, pinned, version, name] = /\/\.pnpm\/(@?[^@/]+)@([^_/(]+)[^/]*\/node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(source) ?? [];
    const [, own] = /^(?:\.\.\/){3}([^/.]+)\//.exec(source) ?? [];
    if (name && pinned && version) add(name, version);
    else if (own) add(`@scalar/${own}`);
    else if (source.startsWith('../../src/')) add('@scalar/api-reference');
    else throw new Error(`Which package is ${source} of, in Scalar's bundle?`);
  }

  return [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));

  function add(name: string, version?: string) {
    if (found.has(name)) return;
    const folders = installed.filter(([folder]) => folder.endsWith(`node_modules/${name}`));
    const [folder, has] = folders.find(([, other]) => other.version === version) ?? folders[0] ?? [];
    if (!folder) throw new Error(`Scalar's bundle has ${name} ${version} in it, whose licence is to be shipped: add it to devDependencies.`);
    found.set(name, { name, version: version ?? has?.version ?? '', folder });
  }
}

function entry({ name, version, folder }: Bundled): string {
  const { license, author, repository } = json(join(folder, 'package.json')) as { license?: string; author?: unknown; repository?: unknown };
  const text = textIn(folder) ?? (name.startsWith('@scalar/') ? scalarsText() : undefined) ?? `It comes without a text. ${JSON.stringify({ author, repository })}`;
  return `\n## ${name} - ${version} (${license})\n\n${text}\n`;
}

/** Scalar's packages share a licence, which some of them leave out. */
function scalarsText(): string | undefined {
  return readdirSync('node_modules/@scalar').map((name) => textIn(`node_modules/@scalar/${name}`)).find((text) => text !== undefined);
}

function textIn(folder: string): string | undefined {
  const file = existsSync(folder) && readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file ? readFileSync(join(folder, file), 'utf8').trim() : undefined;
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
