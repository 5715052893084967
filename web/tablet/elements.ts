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

/** Replaces what a list shows; the button that had the focus keeps it, if it is still there. */
export function show(list: HTMLElement, rows: readonly HTMLElement[]): void {
  const { activeElement } = document;
  const focused = activeElement !== null && list.contains(activeElement) ? activeElement.id : '';
  list.replaceChildren(...rows);
  if (focused !== '') document.getElementById(focused)?.focus();
}
