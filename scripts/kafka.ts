import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createBroker } from '../test/support/kafka/broker.ts';
import { installJars } from '../test/support/kafka/jars.ts';

const HELP = `npm run kafka -- <command> [--port n] [--folder path]

A real Apache Kafka on this machine, for the tests and for \`npm start -- --kafka host:port\`. Needs Java 17 or newer.
  install    fetches the jars with Maven into .cache/kafka (43 MB); does nothing when they are there
  start      runs one broker in the foreground until Ctrl-C; its data stays for the next start

  --port     of the broker, 9092 if left out
  --folder   of its data, .kirana/kafka if left out
  --help     this text`;

const DEFAULT_PORT = '9092';
const DEFAULT_FOLDER = '.kirana/kafka';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: DEFAULT_PORT },
      folder: { type: 'string', default: DEFAULT_FOLDER },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [command] = positionals;
  if (command === 'install') return install();
  if (command === 'start') return start(Number(values.port), resolve(values.folder));
  console.error(HELP);
  return 2;
}

async function install(): Promise<number> {
  const jars = await installJars((line) => console.error(line));
  console.error(jars.ok ? `Apache Kafka is in ${jars.value}` : jars.error.detail);
  return jars.ok ? 0 : 1;
}

async function start(port: number, folder: string): Promise<number> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    console.error('--port must be a port');
    return 2;
  }
  mkdirSync(folder, { recursive: true });
  const broker = await createBroker({ folder, port });
  if (!broker.ok) {
    console.error(broker.error.detail);
    return 1;
  }
  console.error('starting Apache Kafka');
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopping = true;
      void broker.value.stop();
    });
  }
  const started = await broker.value.start();
  if (started.ok)
    console.log(`Kafka listens on ${broker.value.address}; its log is ${folder}/server.log. Ctrl-C stops it.`);
  else if (!stopping) console.error(started.error.detail);
  await broker.value.exited();
  return stopping ? 0 : 1;
}

process.exitCode = await main();
