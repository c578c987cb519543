import type { Item, MessageItem } from '../api/wire';

/** Between the parts of a message. */
export const partSeparator = '\n\n';

/** The readable text of a message: its text parts, and what the model said when it refused. */
export const messageText = (item: MessageItem): string =>
  item.content.map((part) => part.text ?? part.refusal ?? '').filter((text) => text !== '').join(partSeparator);

export const isFromUser = (item: Item | undefined): item is MessageItem => item?.type === 'message' && item.role === 'user';
