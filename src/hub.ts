import { existsSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { apiDocument } from './api/api-document.js';
import { AppModule } from './app.module.js';
import { ProblemFilter } from './commands/problem.filter.js';
import type { Clock } from './config/clock.js';
import { HubLogger } from './config/hub-logger.js';
import type { Policy } from './config/policy.js';
import type { Settings } from './config/settings.js';
import { tellRequests } from './health/request-lines.js';
import { HubNode } from './queues/hub-node.js';
import { OpenRequests } from './realtime/open-requests.js';

/** Built by `npm start`, relative to the checkout. */
const CONSOLES = resolve('console/dist');
const MAX_BODY = '64kb';
const IDLE_CONNECTION_MS = 10 * 60_000;
/** These read their bodies as streams, of any length; routes are the same in capitals. */
const STREAMED = /^\/api\/(lists\/[^/]+\/import|intake\/batch|calendar\/notices)\b/i;

/** The whole hub, wired and ready to listen. */
export async function createHub(
  settings: Settings,
  policy: Policy,
  clock: Clock,
  logger: LoggerService,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(await AppModule.with(settings, policy, clock), {
    bodyParser: false,
    logger,
    abortOnError: false,
  });
  if (logger instanceof HubLogger) logger.node = app.get(HubNode).id;
  app.use(tellRequests());
  const requests = app.get(OpenRequests);
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) =>
    requests.admit(request, response, next),
  );
  app.useBodyParser('json', {
    limit: MAX_BODY,
    type: (request: { url?: string; headers: Record<string, string | string[] | undefined> }) =>
      /^application\/(json|problem\+json)\b/i.test(String(request.headers['content-type'])) &&
      !STREAMED.test(request.url ?? ''),
  });
  app.disable('x-powered-by');
  app.set('trust proxy', settings.http.trustedProxies);
  app.useGlobalFilters(new ProblemFilter());
  if (existsSync(CONSOLES)) app.useStaticAssets(CONSOLES);
  document(app);
  boundConnections(app.getHttpServer());
  return app;
}

/** A batch may stream for as long as it takes; a connection on which nothing moves may not stay. */
function boundConnections(server: Server): void {
  server.requestTimeout = 0;
  server.timeout = IDLE_CONNECTION_MS;
}

function document(app: NestExpressApplication): void {
  SwaggerModule.setup('api/docs', app, () => apiDocument(app), { jsonDocumentUrl: 'api/openapi.json' });
}
