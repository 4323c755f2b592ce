import { EncodedMessage } from './encoded-message.js';

/** A frame no console is too slow for from the start; a single event may be larger. */
const FRAME_BYTES = 128 * 1024;
const EVENTS_PER_FRAME = 200;

/** Where a frame belongs. */
export interface FramePlace {
  room: string;
  epoch: string;
  /** Offset of its first event. */
  from: number;
}

/** Events of one room that go out together; `to` is the offset of the last. */
export interface EncodedFrame {
  from: number;
  to: number;
  message: EncodedMessage;
}

/** Of events that are encoded already. As many of the first of them as a frame holds, one at least. */
export function encodedFrame({ room, epoch, from }: FramePlace, events: readonly string[]): EncodedFrame {
  const taken = events.slice(0, fitting(events));
  const head = `{"room":${JSON.stringify(room)},"epoch":${JSON.stringify(epoch)},"from":${from},"events":[`;
  return { from, to: from + taken.length - 1, message: new EncodedMessage('frame', `${head}${taken.join(',')}]}`) };
}

/** All of them, in as many frames as it takes. */
export function* encodedFrames(place: FramePlace, events: readonly string[]): Iterable<EncodedFrame> {
  for (let from = place.from, left = events; left.length > 0;) {
    const frame = encodedFrame({ ...place, from }, left);
    yield frame;
    left = left.slice(frame.to + 1 - from);
    from = frame.to + 1;
  }
}

function fitting(events: readonly string[]): number {
  let bytes = 0;
  let count = 0;
  for (const event of events) {
    bytes += Buffer.byteLength(event) + 1;
    if (count > 0 && (bytes > FRAME_BYTES || count >= EVENTS_PER_FRAME)) break;
    count += 1;
  }
  return count;
}
