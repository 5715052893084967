import * as v from 'valibot';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import { DeviceQuestion } from '../../../contracts/ws/device-journal.ts';
import { CommandId } from '../../../contracts/ws/frames.ts';
import { TABLET_VERSION, TabletCommand } from '../../../contracts/ws/tablet.ts';

/** What a tablet's frame turns out to be. */
export type TabletFrame =
  | { readonly kind: 'command'; readonly id: string; readonly command: TabletCommand }
  | { readonly kind: 'device'; readonly id: string; readonly question: DeviceQuestion }
  | { readonly kind: 'refused'; readonly id: string; readonly refusal: Refusal }
  /** It does not even say what to answer it under: a client gone wrong. */
  | { readonly kind: 'nonsense'; readonly issue: string };

const NamedFrame = v.object({ id: CommandId });
const VersionedFrame = v.object({ v: v.pipe(v.number(), v.safeInteger()) });
const DeviceFrame = v.object({ t: v.literal('device') });

/** Looks at the version first: what another version says may not be judged by this one's shapes. */
export function readTabletFrame(frame: unknown): TabletFrame {
  const named = v.safeParse(NamedFrame, frame);
  if (!named.success) return { kind: 'nonsense', issue: named.issues[0].message };
  const { id } = named.output;
  const versioned = v.safeParse(VersionedFrame, frame);
  if (versioned.success && !SPOKEN.includes(versioned.output.v)) {
    return { kind: 'refused', id, refusal: unspoken(versioned.output.v) };
  }
  if (v.is(DeviceFrame, frame)) {
    const asked = v.safeParse(DeviceQuestion, frame);
    return asked.success ? { kind: 'device', id, question: asked.output } : bad(id, asked.issues[0].message);
  }
  const parsed = v.safeParse(TabletCommand, frame);
  return parsed.success ? { kind: 'command', id, command: parsed.output } : bad(id, parsed.issues[0].message);
}
const SPOKEN: readonly number[] = [TABLET_VERSION - 1, TABLET_VERSION];

function bad(id: string, issue: string): TabletFrame {
  return { kind: 'refused', id, refusal: refuse('INVALID_INPUT', issue) };
}

function unspoken(version: number): Refusal<'VERSION_UNSUPPORTED'> {
  const words =
    version < TABLET_VERSION
      ? 'Load the page again: this tablet is older than the store.'
      : 'Send it again later: this tablet is newer than the store.';
  return refuse('VERSION_UNSUPPORTED', words, {
    v: version,
    oldest: TABLET_VERSION - 1,
    newest: TABLET_VERSION,
  });
}
