import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '../../domain/shared/result.ts';
import type { PostgresProblem } from './postgres-problem.ts';

/** How to start a PostgreSQL program: which user it becomes, and what stands before it on the command line. */
export interface Launch {
  readonly uid?: number;
  readonly gid?: number;
  readonly prefix: readonly string[];
}

/** PostgreSQL refuses to run as root. In this order, the first that the machine has. */
const USERS_INSTEAD_OF_ROOT = ['postgres', 'nobody'];

interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Makes `folder` and decides who runs the server in it. As root that is another user, who must own the folder and be
 * able to walk to it and to the programs; where a parent folder is closed to him (a clone below /root), util-linux's
 * `setpriv` gives him the one capability that walks through. A cluster that is there already stays with its owner.
 */
export function prepareLaunch(folder: string, program: string): Result<Launch, PostgresProblem> {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    return unreachable(`${folder} cannot be made (${String(cause)}): use another folder.`);
  }
  const owner = ownerOf(join(folder, 'data'));
  const me = process.getuid?.();
  if (me !== 0) {
    if (owner === undefined || me === undefined || owner.uid === me) return ok({ prefix: [] });
    return unreachable(
      `The cluster in ${folder} belongs to ${owner.name}: start as that user or as root, or use another folder.`,
    );
  }
  const user = owner === undefined || owner.uid === 0 ? findUser() : owner;
  if (user === undefined) {
    return unreachable(
      'PostgreSQL does not run as root and there is no user postgres or nobody: start as another user.',
    );
  }
  own(folder, user.uid, user.gid);
  const plain: Launch = { uid: user.uid, gid: user.gid, prefix: [] };
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const capable: Launch = {
    prefix: ['setpriv', ...ids, '--inh-caps=+dac_override', '--ambient-caps=+dac_override'],
  };
  for (const launch of [plain, capable]) {
    if (reaches(launch, folder, program)) return ok(launch);
  }
  return unreachable(
    `PostgreSQL does not run as root, and ${user.name} cannot reach ${folder} or ${program}: use a folder that everybody may enter, or start as another user.`,
  );
}

function unreachable(detail: string): Result<never, PostgresProblem> {
  return err({ code: 'FOLDER_UNREACHABLE', detail });
}

function ownerOf(path: string): SystemUser | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : { name: `the user with id ${stat.uid}`, uid: stat.uid, gid: stat.gid };
}

function findUser(): SystemUser | undefined {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  return USERS_INSTEAD_OF_ROOT.flatMap((name) => {
    const entry = entries.find(([candidate]) => candidate === name);
    return entry === undefined ? [] : [{ name: `user ${name}`, uid: Number(entry[2]), gid: Number(entry[3]) }];
  })[0];
}

/** The folder and what an earlier run of root left at its top; what is in the cluster belongs to its user already. */
function own(folder: string, uid: number, gid: number): void {
  chownSync(folder, uid, gid);
  for (const name of readdirSync(folder)) chownSync(join(folder, name), uid, gid);
}

function reaches(launch: Launch, folder: string, program: string): boolean {
  // The shell is asked to enter the folder after the change of user; spawn's own `cwd` would be entered before it.
  const line = [...launch.prefix, '/bin/sh', '-c', 'cd "$1" && exec "$2" --version', 'sh', folder, program];
  const [command = '', ...rest] = line;
  const { prefix: _prefix, ...ids } = launch;
  return spawnSync(command, rest, { ...ids, stdio: 'ignore' }).status === 0;
}
