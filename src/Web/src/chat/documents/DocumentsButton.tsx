import { useState } from 'react';
import { DocumentIcon } from '../../ui/icons';
import type { Picked } from '../../documents/uploads/droppedFiles';
import { useChosen } from './choices';
import { PickerDialog } from './PickerDialog';

interface DocumentsButtonProps {
  draftKey: string;
  onFiles: (picked: Picked) => void;
}

/** Opens the choice of the documents that answers are to rest on. */
export function DocumentsButton({ draftKey, onFiles }: DocumentsButtonProps) {
  const [open, setOpen] = useState(false);
  const chosen = useChosen(draftKey);
  const label = chosen.length === 0 ? 'Ask documents' : `Documents: ${chosen.length} chosen`;
  return (
    <>
      <button type="button" className="documents-button" data-chosen={chosen.length > 0} aria-haspopup="dialog" aria-label={label} title={label}
        onClick={() => setOpen(true)} data-testid="choose-documents">
        <DocumentIcon size={17} /> <span>Documents</span>
      </button>
      {open && (
        <PickerDialog draftKey={draftKey} onClose={() => setOpen(false)}
          onFiles={(picked) => {
            setOpen(false);
            onFiles(picked);
          }} />
      )}
    </>
  );
}
