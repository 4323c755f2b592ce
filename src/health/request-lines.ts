import { Logger } from '@nestjs/common';

/** Somebody is kept out: worth a line at any ordinary level. */
const KEPT_OUT: ReadonlySet<number> = new Set([401, 403, 429]);
/** What cannot serve now has said so in a line of its own, and is asked again and again. */
const NOT_NOW = 503;

interface HttpRequest {
  method: string;
  /** Set once the framework knows who answers. */
  route?: { path: string };
}

interface HttpResponse {
  statusCode: number;
  once(event: 'finish', listener: () => void): unknown;
}

/**
 * A line for a request over HTTP, sparsely: what failed at `warn`, who was kept out at `log`, the others at `debug`. The
 * route as it is written in the code, never the address that was asked for: that may hold anything. [SI1]
 */
export function tellRequests(): (request: HttpRequest, response: HttpResponse, next: () => void) => void {
  const log = new Logger('Http');
  return (request, response, next) => {
    const begun = performance.now();
    response.once('finish', () => {
      const { statusCode: status } = response;
      const line = () => ({
        message: 'answered',
        method: request.method,
        route: request.route?.path,
        status,
        ms: Math.round(performance.now() - begun),
      });
      if (status >= 500 && status !== NOT_NOW) log.warn(line);
      else if (KEPT_OUT.has(status)) log.log(line);
      else log.debug(line);
    });
    next();
  };
}
