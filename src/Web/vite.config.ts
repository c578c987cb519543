import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { scalar } from './build/scalar.ts';

const server = process.env.AIPLATFORM_URL ?? 'http://127.0.0.1:8080';

const licences = 'third-party-licences.txt';

export default defineConfig({
  plugins: [react(), scalar(licences)],
  server: {
    proxy: { '/api': server, '/v1': server, '/health': server },
  },
  build: {
    outDir: '../Api/wwwroot',
    emptyOutDir: true,
    // The server's content security policy allows no data: fonts or styles, so every asset stays a file.
    assetsInlineLimit: 0,
    license: { fileName: licences },
  },
  test: { include: ['src/**/*.test.{ts,tsx}'] },
});
