import { bootSystem, type PrivateSystem } from '../scripts/demo/private-system.ts';

/** Runs the work against a private system on free ports, which is ended and removed whatever happens. */
export async function onPrivateSystem<T>(
  say: (line: string) => void,
  work: (system: PrivateSystem) => Promise<T>,
): Promise<T> {
  say('starting a private system');
  const system = await bootSystem({}, () => {});
  if (!system.ok) throw new Error(system.error);
  try {
    return await work(system.value);
  } finally {
    await system.value.stop();
  }
}
