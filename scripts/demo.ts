import { DEMO_HELP, parseDemoOptions } from './demo/options.ts';

function main(): number {
  const options = parseDemoOptions(process.argv.slice(2));
  if (!options.ok) {
    console.error(options.error);
    return 2;
  }
  if (options.value.help) {
    console.log(DEMO_HELP);
    return 0;
  }
  console.error('The demo is not connected to a running system yet.');
  return 1;
}

process.exitCode = main();
