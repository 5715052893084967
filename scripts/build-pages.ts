import { buildPages } from './pages/build.ts';

const HELP = `node scripts/build-pages.ts

Writes the start page, the API documentation and the problem codes to dist/assets, from web/ and contracts/.`;

if (process.argv.includes('--help')) console.log(HELP);
else console.error(`wrote ${buildPages()}`);
