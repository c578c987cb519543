export const untitled = 'New chat';
const maximumLength = 60;

/** What a conversation is called until the server has given it a title: the beginning of its first message. */
export function titleFrom(message: string): string {
  const line = message.trim().replaceAll(/\s+/g, ' ');
  if (line.length <= maximumLength) return line || untitled;
  const cut = line.slice(0, maximumLength);
  const wordEnd = cut.lastIndexOf(' ');
  return `${cut.slice(0, wordEnd > maximumLength / 2 ? wordEnd : maximumLength).trimEnd()}…`;
}
