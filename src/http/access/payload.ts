/** The payload of a bot's authenticated request. */
export interface Payload {
  value: unknown;
  /** Size after decoding. */
  bytes: number;
  /** The delivery's own id; undefined: no signature covers one. */
  deliveryId: string | undefined;
}
