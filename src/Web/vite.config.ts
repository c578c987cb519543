import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const server = process.env.AIPLATFORM_URL ?? 'http://127.0.0.1:8080';

// The page at /scalar (public/scalar) shows the API reference with Scalar's own bundle, served from here like everything else.
const scalar: Plugin = {
  name: 'scalar',
  apply: 'build',
  generateBundle() {
    const bundle = 'node_modules/@scalar/api-reference/dist/browser/standalone.js';
    this.emitFile({ type: 'asset', fileName: 'scalar/standalone.js', source: readFileSync(bundle) });
  },
};

export default defineConfig({
  plugins: [react(), scalar],
  server: {
    proxy: { '/api': server, '/v1': server, '/health': server },
  },
  build: {
    outDir: '../Api/wwwroot',
    emptyOutDir: true,
    // The server's content security policy allows no data: fonts or styles, so every asset stays a file.
    assetsInlineLimit: 0,
  },
  test: { include: ['src/**/*.test.{ts,tsx}'] },
});
