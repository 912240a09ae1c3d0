import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { BulkAct } from '../domain/act-on-orders.ts';
import type { CaseGlance } from '../domain/cases/case-glance.ts';
import type { CaseMember, CaseState, SourceFinding } from '../domain/cases/case-state.ts';
import type { Act, Instant } from '../domain/order-state.ts';
import type { Owner } from '../domain/site-rules.ts';

/** An order is in it, or is in it with another value. */
export const add = defineSignal<[{ readonly says: string; readonly member: CaseMember }], 'add'>('add');

/** An order is in it no longer. */
export const withdraw = defineSignal<[{ readonly members: readonly string[] }], 'withdraw'>('withdraw');

/** What a feed or check says now, in place of what it said before; a count of 0 withdraws it. */
export const report = defineSignal<[Omit<SourceFinding, 'since'>], 'report'>('report');

/** After a deploy: start a fresh history as soon as no repair is under way. */
export const renew = defineSignal<[], 'renew'>('renew');

export const acknowledge = defineUpdate<CaseGlance, [Act], 'acknowledge'>('acknowledge');
export const assign = defineUpdate<CaseGlance, [Act & { readonly owner: Owner }], 'assign'>('assign');
export const snooze = defineUpdate<CaseGlance, [Act & { readonly until: Instant }], 'snooze'>('snooze');
export const note = defineUpdate<CaseGlance, [Act], 'note'>('note');
export const resolve = defineUpdate<CaseGlance, [Act], 'resolve'>('resolve');
export const repair = defineUpdate<CaseGlance, [Act & { readonly act: BulkAct }], 'repair'>('repair');

/** The whole case, with every order. */
export const state = defineQuery<CaseState, [], 'state'>('state');
/** The case at a glance: small, however large it is. */
export const glance = defineQuery<CaseGlance, [], 'glance'>('glance');
