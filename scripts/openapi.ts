import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from '../edge/app.ts';
import { describeApi } from '../edge/openapi.ts';

const HELP = `node scripts/openapi.ts [--check]

Writes docs/openapi.json, the description that the API serves at /openapi.json.

  --check    writes nothing; exits 1 when the committed file is not what it would write`;

const FILE = join(fileURLToPath(new URL('..', import.meta.url)), 'docs', 'openapi.json');

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  const text = `${JSON.stringify(await describeApi(createApp()), null, 2)}\n`;
  if (!args.includes('--check')) {
    writeFileSync(FILE, text);
    return 0;
  }
  if (readFileSync(FILE, 'utf8') === text) return 0;
  console.error('docs/openapi.json is not what the routes say: run node scripts/openapi.ts.');
  return 1;
}

process.exitCode = await main(process.argv.slice(2));
