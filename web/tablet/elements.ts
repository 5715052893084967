export function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

export function form(id: string): HTMLFormElement {
  const found = element(id);
  if (!(found instanceof HTMLFormElement)) throw new Error(`#${id} is no form`);
  return found;
}

/** A field of a form by its name. */
export function field(of: HTMLFormElement, name: string): HTMLInputElement | HTMLSelectElement {
  const found = of.elements.namedItem(name);
  if (found instanceof HTMLInputElement || found instanceof HTMLSelectElement) return found;
  throw new Error(`#${of.id} has no field ${name}`);
}

export function make(tag: string, text = '', className = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

export function button(text: string, press: () => void, className = ''): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.className = className;
  made.addEventListener('click', press);
  return made;
}

/**
 * Makes a list show these rows. What is the same stays where it is: a button that is being pressed is not taken away from under
 * the finger, and one that had the focus keeps it. So a button must not rely on anything but ids of when it was made.
 */
export function show(list: HTMLElement, rows: readonly HTMLElement[]): void {
  const { activeElement } = document;
  const focused = activeElement !== null && list.contains(activeElement) ? activeElement.id : '';
  const shown = [...list.children];
  for (const extra of shown.slice(rows.length)) extra.remove();
  for (const [i, row] of rows.entries()) {
    const old = shown[i];
    if (old === undefined) list.append(row);
    else become(old, row);
  }
  if (focused !== '' && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
}

function become(old: Element, now: Element): void {
  if (old.outerHTML === now.outerHTML) return;
  const isSameBox = old.cloneNode(false).isEqualNode(now.cloneNode(false));
  const isBoxOnly = old.childNodes.length === old.children.length && now.childNodes.length === now.children.length;
  if (!isSameBox || !isBoxOnly || old.children.length !== now.children.length) {
    old.replaceWith(now);
    return;
  }
  const parts = [...now.children];
  for (const [i, part] of [...old.children].entries()) if (parts[i] !== undefined) become(part, parts[i]);
}

/** Only what changed: a live region says again whatever is put there. */
export function showText(into: HTMLElement, text: string): void {
  if (into.textContent !== text) into.textContent = text;
}

/** Whether somebody could type there, or press it. */
export function isShown(part: HTMLElement): boolean {
  return part.isConnected && part.getClientRects().length > 0;
}
