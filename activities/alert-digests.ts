import type { HeldNews } from '../domain/alerts/alert-rules.ts';
import type { Recipient } from '../domain/cases/case-rules.ts';

/** Where news is kept until its time. The worker brings the real thing, on Temporal. */
export interface AlertDigests {
  /** Resolves when the news is surely kept. The same twice is told once. */
  hold(to: Recipient, news: HeldNews): Promise<void>;
}
