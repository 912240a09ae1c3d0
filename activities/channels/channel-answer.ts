/** What became of a message at a channel. What an answer says holds no secret, and goes into a case. */
export type ChannelAnswer =
  | { readonly is: 'taken' }
  /**
   * unanswered = it has the whole message, and whether it took it is not known: to send it again may bring it twice ·
   * refused = for good, this message or whom it is for; others it takes · putOff = it would rather have it later ·
   * dead = it takes nothing: it is not there, or does not let us in.
   */
  | { readonly is: 'unanswered' | 'refused' | 'putOff' | 'dead'; readonly says: string };
