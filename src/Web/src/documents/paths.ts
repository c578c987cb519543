export const documentsPath = '/documents';
export const collectionPath = (collectionId: string): string => `${documentsPath}/${collectionId}`;
export const readerPath = (collectionId: string, fileId: string, page = 1): string =>
  `${collectionPath(collectionId)}/${fileId}${page > 1 ? `/${page}` : ''}`;
