/**
 * What the Worker under test finds outside: a log that takes every record, and no Postgres. A test that wants the log away
 * replaces `fetch`.
 */
export async function acceptingGateway(request: { text(): Promise<string>; readonly url: string }): Promise<Response> {
  await request.text();
  if (new URL(request.url).hostname === 'postgres.test') return new Response('away', { status: 503 });
  return Response.json({ offsets: [{ partition: 0, offset: 0 }] });
}
