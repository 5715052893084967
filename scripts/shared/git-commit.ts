import { execFile } from 'node:child_process';

/** The commit that a result belongs to, short, or null outside of a git checkout. */
export function gitCommit(): Promise<string | null> {
  return new Promise((done) => {
    execFile('git', ['rev-parse', '--short', 'HEAD'], { cwd: import.meta.dirname }, (error, stdout) => {
      done(error === null ? stdout.trim() : null);
    });
  });
}
