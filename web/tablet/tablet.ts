import { element, field, form } from './elements.ts';
import { FloorPage } from './floor-page.ts';
import { openMemory } from './memory.ts';
import type { Memory } from './memory.ts';
import { Session } from './session.ts';

function showSignIn(memory: Memory, why = ''): void {
  for (const id of ['floor', 'work']) element(id).hidden = true;
  element('sign-in').hidden = false;
  element('waiting').textContent = why;
  const asked = form('sign-in-form');
  asked.addEventListener(
    'submit',
    (event) => {
      event.preventDefault();
      Session.open(memory, field(asked, 'phone').value, field(asked, 'password').value).then(
        () => location.reload(),
        (cause: unknown) => showSignIn(memory, cause instanceof Error ? cause.message : 'Try again.'),
      );
    },
    { once: true },
  );
}

async function work(): Promise<void> {
  const memory = await openMemory();
  const session = await Session.resume(memory);
  if (session === undefined) {
    showSignIn(memory);
    return;
  }
  const page = await FloorPage.open({ memory, session, signedOut: (why) => showSignIn(memory, why) });
  const signOut = element('sign-out');
  signOut.hidden = false;
  signOut.addEventListener('click', () => {
    page.stop();
    void session.close().then(() => location.reload());
  });
  page.start();
}

// Two pages with one journal would number their acts alike.
void navigator.locks.request('kirana-tablet', { ifAvailable: true }, async (lock) => {
  if (lock === null) {
    element('waiting').textContent = 'This page is open in another tab of this tablet.';
    return;
  }
  await work();
  await new Promise(() => undefined);
});
void navigator.serviceWorker.register('/tablet/offline.js');
