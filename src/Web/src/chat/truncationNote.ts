export function truncationNote(turns: number): string | null {
  if (turns <= 0) return null;
  const subject = turns === 1 ? 'The oldest turn was' : `The oldest ${turns} turns were`;
  return `${subject} left out to fit the model's context window.`;
}
