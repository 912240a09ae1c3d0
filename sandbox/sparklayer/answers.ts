/** What goes back over the wire. `json` undefined = no body; `text` is sent as it is. */
export interface Answer {
  readonly status: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RefusalDetail {
  readonly status: number;
  readonly detail: string;
  readonly code?: string;
  readonly property?: string;
}

/** A call that SparkLayer refuses; it becomes an RFC 7807 answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly refusal: RefusalDetail;

  constructor(refusal: RefusalDetail) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}

export const ok = (json: unknown): Answer => ({ status: 200, json });
export const noContent: Answer = { status: 204 };

export function problem({ status, detail, code, property }: RefusalDetail): Answer {
  const errors = code === undefined ? {} : { errors: [{ code, message: detail, ...(property && { property }) }] };
  return { status, json: { title: titles[status] ?? 'Error', status, detail, ...errors } };
}

/** The stand-in's codes; the last three are inventions of the contract. */
export const codes = {
  invalid: 'resource-id-invalid',
  notFound: 'resource-id-not-found',
  exists: 'resource-already-exists',
  outdated: 'purchase-revision-outdated',
  identifierConflict: 'purchase-identifier-conflict',
  duplicateStock: 'duplicate-stock-level',
} as const;

export function badRequest(detail: string, property?: string, code: string = codes.invalid): Refusal {
  return new Refusal({ status: 400, detail, code, ...(property !== undefined && { property }) });
}

export function notFound(what: string): Refusal {
  return new Refusal({ status: 404, detail: `No such ${what}.`, code: codes.notFound });
}

export function alreadyExists(status: 400 | 409, property: string): Refusal {
  return new Refusal({ status, detail: 'Already exists.', code: codes.exists, property });
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};
