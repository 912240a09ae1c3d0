/** A message could not leave by a channel. What it says holds no secret, and goes into a case. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly channel: string;

  constructor(channel: string, says: string, options?: ErrorOptions) {
    super(`${channel}: ${says}`, options);
    this.channel = channel;
  }
}
