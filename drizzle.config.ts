import { defineConfig } from 'drizzle-kit';

// drizzle-kit reads this file's default export.
export default defineConfig({
  dialect: 'postgresql',
  schema: './db/schema/*.ts',
  out: './db/migrations',
  strict: true,
});
