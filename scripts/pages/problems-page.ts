import { PROBLEMS } from '../../contracts/problem.ts';

/** Every problem code with its status and title, each under its own anchor: what `type` of a problem document points to. */
export function problemsPage(): string {
  const entries = Object.entries(PROBLEMS)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([code, { status, title }]) =>
        `        <dt id="${code}"><code>${code}</code> <span>${status}</span></dt>\n        <dd>${escapeHtml(title)}.</dd>`,
    );
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Kirana: problem codes</title>
    <link rel="icon" href="/start/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/start/page.css" />
  </head>
  <body>
    <header>
      <a href="/"><img src="/start/icon.svg" alt="Start" width="44" height="44" /></a>
      <div>
        <h1>Problem codes</h1>
        <p>Every way the API refuses. Branch on <code>code</code>; <code>detail</code> says what to do.</p>
      </div>
    </header>
    <main>
      <section>
        <dl>
${entries.join('\n')}
        </dl>
      </section>
    </main>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
