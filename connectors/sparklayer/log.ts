/** The part of a logger that a connector uses. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
