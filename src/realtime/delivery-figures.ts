/** What this node's push has done since it began, counted up. */
export class DeliveryFigures {
  /** One for each room and moment, however many consoles are told. */
  frames = 0;
  /** Events times consoles that were told of them. */
  deliveries = 0;
  /** Values (`latest`) times consoles. */
  values = 0;
  /** Rooms that a console has to catch up with, because it was too slow to be told all. */
  resyncs = 0;
  /** How consoles came into rooms. */
  readonly entered = { resumed: 0, snapshot: 0, refused: 0 };
}

/** How its consoles stand now. */
export interface DeliveryStanding {
  consoles: number;
  /** Events of the log that are on their way to the consoles. */
  backlog: number;
  /** Bytes that each console has left unread which is told nothing until it reads. */
  unread: number[];
}
