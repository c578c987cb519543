import { followLink } from '../app/router';
import { DocumentIcon } from '../ui/icons';
import { useStore } from '../ui/store';
import { documentsPath } from './paths';
import { isActive } from './uploads/uploadQueue';
import { uploadQueue } from './uploads/uploads';
import './documents.css';

/** The way to the documents; says that files are on their way there, whatever page is shown. */
export function DocumentsLink({ active }: { active: boolean }) {
  const uploading = useStore(uploadQueue.uploads, (all) => all.some(isActive));
  return (
    <a className="documents-link" href={documentsPath} onClick={followLink} aria-current={active ? 'page' : undefined} data-testid="documents-link">
      <DocumentIcon /> Documents
      {uploading && <span className="running-dot" role="img" aria-label="Files are being uploaded" />}
    </a>
  );
}
