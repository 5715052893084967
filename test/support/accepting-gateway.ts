/** Where objects under test publish: takes every record. A test that wants a log that is away replaces `fetch`. */
export async function acceptingGateway(request: { text(): Promise<string> }): Promise<Response> {
  await request.text();
  return Response.json({ offsets: [{ partition: 0, offset: 0 }] });
}
