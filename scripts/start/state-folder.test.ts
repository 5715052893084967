import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bornOf, endOrphan, isAlive, readRecord, recordPath, writeRecord } from './process-record.ts';
import { ensureSecrets, readSecrets } from './secrets.ts';
import { prepareStateFolder, resetStateFolder, stateFolder, type StateFolder } from './state-folder.ts';
import { lockStateFolder, SUPERVISOR, unlockStateFolder } from './supervisor-lock.ts';

let state: StateFolder;
let child: ChildProcess | undefined;

beforeEach(() => {
  state = stateFolder(join(mkdtempSync(join(tmpdir(), 'kirana-state-')), 'state'));
  prepareStateFolder(state);
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(join(state.path, '..'), { recursive: true, force: true });
});

function sleeper(): number {
  child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  return child.pid ?? 0;
}

describe('the folder', () => {
  test('that holds somebody’s things is left alone', () => {
    writeFileSync(join(state.path, 'thesis.txt'), '');
    expect(prepareStateFolder(state)).toEqual({
      ok: false,
      error: `${state.path} holds "thesis.txt", which is not Kirana's: use an empty folder with --state-dir.`,
    });
  });

  test('after a reset knows nothing, and a broker’s data is not touched', async () => {
    await ensureSecrets(state);
    for (const name of ['postgres', 'kafka']) mkdirSync(join(state.path, name));
    resetStateFolder(state);
    expect(existsSync(state.secretsFile)).toBe(false);
    expect(existsSync(state.postgres)).toBe(false);
    expect(existsSync(join(state.path, 'kafka'))).toBe(true);
  });
});

describe('secrets', () => {
  test('are made once, and for their owner only', async () => {
    const made = await ensureSecrets(state);
    expect(await ensureSecrets(state)).toEqual(made);
    expect(readSecrets(state)).toEqual(made);
    expect(statSync(state.secretsFile).mode & 0o777).toBe(0o600);
  });

  test('that a newer version wants are added to those that are there', async () => {
    const made = await ensureSecrets(state);
    const { operatorKey: _older, ...rest } = made.ok ? made.value : {};
    writeFileSync(state.secretsFile, JSON.stringify(rest));
    expect(await ensureSecrets(state)).toMatchObject({ ok: true, value: rest });
    expect(JSON.parse(readFileSync(state.secretsFile, 'utf8'))).toHaveProperty('operatorKey');
  });

  test('that are gone while the database is there are not made anew', async () => {
    mkdirSync(state.postgres);
    expect(await ensureSecrets(state)).toMatchObject({ ok: false, error: expect.stringContaining('--reset') });
  });
});

describe('a recorded process', () => {
  test('is known again while it lives, and ended when it is an orphan', async () => {
    const pid = sleeper();
    writeRecord(state.run, 'part', pid);
    const record = readRecord(state.run, 'part');
    expect(record).toEqual({ pid, born: bornOf(pid) });
    expect(await endOrphan(state.run, 'part', 1_000)).toBe(true);
    expect(record !== undefined && isAlive(record)).toBe(false);
    expect(existsSync(recordPath(state.run, 'part'))).toBe(false);
  });

  test('whose number belongs to somebody else by now is left alone', async () => {
    const pid = sleeper();
    writeFileSync(recordPath(state.run, 'part'), `${pid}\nanother birth\n`);
    expect(await endOrphan(state.run, 'part', 1_000)).toBe(false);
    expect(bornOf(pid)).toBeDefined();
  });
});

describe('the lock', () => {
  test('is held by one supervisor', () => {
    writeRecord(state.run, SUPERVISOR, sleeper());
    expect(lockStateFolder(state)).toMatchObject({ ok: false, error: expect.stringContaining('already runs') });
  });

  test('of a killed one is taken over', () => {
    writeFileSync(recordPath(state.run, SUPERVISOR), '999999999\nlong ago\n');
    expect(lockStateFolder(state).ok).toBe(true);
    expect(readRecord(state.run, SUPERVISOR)?.pid).toBe(process.pid);
    unlockStateFolder(state);
    expect(readRecord(state.run, SUPERVISOR)).toBeUndefined();
  });

  test('that was cut while it was written is taken over', () => {
    writeFileSync(recordPath(state.run, SUPERVISOR), '');
    expect(lockStateFolder(state).ok).toBe(true);
  });
});
