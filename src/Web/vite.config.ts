import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.AIPLATFORM_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
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
