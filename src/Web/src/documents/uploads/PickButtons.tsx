import { useRef, type ChangeEvent } from 'react';
import { FolderIcon, UploadIcon } from '../../ui/icons';
import { pickedFiles, type Picked } from './droppedFiles';

interface PickButtonsProps {
  onPicked: (picked: Picked) => void;
  primary?: boolean;
}

/** The browser's own dialogs for files and for a folder. */
export function PickButtons({ onPicked, primary = false }: PickButtonsProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    if (currentTarget.files?.length) onPicked(pickedFiles(currentTarget.files));
    currentTarget.value = ''; // So that the same file can be chosen once more.
  };
  return (
    <div className="pick-buttons">
      <button type="button" className={primary ? 'button button-primary' : 'button'} onClick={() => files.current?.click()} data-testid="add-files">
        <UploadIcon /> Add files
      </button>
      <button type="button" className="button" onClick={() => folder.current?.click()} data-testid="add-folder">
        <FolderIcon /> Add a folder
      </button>
      <input ref={files} type="file" multiple hidden onChange={take} aria-label="Files" data-testid="file-input" />
      <input ref={folder} type="file" hidden onChange={take} aria-label="Folder" data-testid="folder-input" {...{ webkitdirectory: '' }} />
    </div>
  );
}
