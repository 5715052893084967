import type { DemoLogin, DemoLogins, ReadinessView } from '../../contracts/http/health.ts';

/** How often the page asks how the parts do. */
const ASK_EVERY_MS = 5_000;

const PARTS: { readonly [P in keyof ReadinessView['parts']]: string } = {
  snapshots: 'Catalogs and the network of stores',
  objects: 'Stores, orders and couriers',
  postgres: 'Master data and read models',
  log: 'The event log',
};

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

function make(tag: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

async function showReadiness(): Promise<void> {
  const verdict = element('verdict');
  const response = await fetch('/readyz').catch(() => null);
  if (response === null) {
    verdict.className = 'verdict state down';
    verdict.textContent = 'not reachable';
    return;
  }
  const view: ReadinessView = await response.json();
  verdict.className = `verdict state ${view.ready ? 'up' : 'down'}`;
  verdict.textContent = view.ready ? 'orders can be placed' : 'no orders for now';
  const rows = Object.entries(PARTS).map(([name, label]) => {
    const part = Object.entries(view.parts).find(([key]) => key === name)?.[1];
    const row = make('li', label);
    row.append(make('span', part?.state ?? 'unknown', `state ${part?.state ?? 'down'}`));
    return row;
  });
  element('parts').replaceChildren(...rows);
}

async function showLogins(): Promise<void> {
  const response = await fetch('/api/v1/demo/logins').catch(() => null);
  if (response?.ok !== true) return;
  const { logins }: DemoLogins = await response.json();
  if (logins.length === 0) return;
  const rows = logins.map((login) => {
    const row = document.createElement('tr');
    row.append(...[login.name, login.role, login.phone, login.password].map((text) => make('td', text)));
    return row;
  });
  element('logins').replaceChildren(...rows);
  element('logins-section').hidden = false;
  const [first] = logins;
  if (first !== undefined) showTour(first);
}

function showTour(login?: DemoLogin): void {
  const origin = location.origin;
  const lines = [
    '# Who delivers here, and in how many minutes?',
    `curl '${origin}/api/v1/locations/resolve?lat=12.9716&lng=77.6412'`,
    '',
    '# What do they have?',
    `curl -i '${origin}/api/v1/catalog?lat=12.9716&lng=77.6412&limit=5'`,
  ];
  if (login !== undefined) {
    lines.push(
      '',
      `# Sign in as ${login.name}`,
      `curl -X POST ${origin}/api/v1/users/login -H 'content-type: application/json' \\`,
      `  -d '{"phone":"${login.phone}","password":"${login.password}"}'`,
    );
  }
  element('tour').textContent = lines.join('\n');
}

showTour();
void showLogins();
void showReadiness();
setInterval(() => void showReadiness(), ASK_EVERY_MS);
