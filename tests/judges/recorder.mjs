// A server that passes every request on and remembers it together with its answer.
import http from 'node:http';

export async function startRecorder(upstream) {
  const exchanges = [];
  const server = http.createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const {host, connection, ...headers} = request.headers;
    const answer = await fetch(`${upstream}${request.url}`, {method: request.method, headers, body: body.length > 0 ? body : undefined});
    const text = await answer.text();
    exchanges.push({method: request.method, target: request.url, headers: request.headers, body: body.toString(), status: answer.status, answer: text, violations: answer.headers.get('sl-violations')});
    response.writeHead(answer.status, {'Content-Type': answer.headers.get('content-type') ?? 'application/json'});
    response.end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return {url: `http://127.0.0.1:${server.address().port}`, exchanges, stop};
}
