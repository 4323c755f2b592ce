import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CitizenMessage } from '../../src/notices/citizen-gateway.js';

export interface TakenMessage {
  message: CitizenMessage;
  headers: IncomingHttpHeaders;
}

/** The gateway outside, as far as the hub sees it: takes what is posted, and answers as it was told to. */
export class CitizenGatewayServer {
  readonly taken: TakenMessage[] = [];
  /** Status of the answer; `null`: none is given. */
  answer: (message: CitizenMessage) => number | null = () => 202;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<CitizenGatewayServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const gateway = new CitizenGatewayServer(server, `http://127.0.0.1:${port}/messages`);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        const message = JSON.parse(body) as CitizenMessage;
        gateway.taken.push({ message, headers: request.headers });
        const status = gateway.answer(message);
        if (status === null) return;
        response.writeHead(status, status === 302 ? { location: gateway.url } : {}).end('{}');
      });
    });
    return gateway;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
