/** Whether two documents are surely in different currencies; one that names none is in that of the other. */
export function areOfOtherCurrencies(
  { currency: one }: { readonly currency: string },
  { currency: other }: { readonly currency: string },
): boolean {
  return one !== '' && other !== '' && one !== other;
}
