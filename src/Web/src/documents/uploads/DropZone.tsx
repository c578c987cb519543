import { useEffect, useRef, useState, type ReactNode } from 'react';
import { UploadIcon } from '../../ui/icons';
import { droppedFiles, type Picked } from './droppedFiles';

interface DropZoneProps {
  label: string;
  onPicked: (picked: Picked) => void;
  disabled?: boolean;
  children: ReactNode;
}

/** Takes files that are dropped anywhere in the window while it is shown, and says where they will go. */
export function DropZone({ label, onPicked, disabled = false, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const take = useRef(onPicked);
  take.current = onPicked;

  useEffect(() => {
    // Each element tells that the files come in and leave: they are over the window while one of them has them.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (hasFiles(event) && ++depth === 1) setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (hasFiles(event) && --depth <= 0) end();
    };
    const end = () => {
      depth = 0;
      setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = disabled || isInDialog() ? 'none' : 'copy';
    };
    // A file that is dropped on a page would otherwise be opened in its place.
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      end();
      if (!disabled && !isInDialog()) void droppedFiles(event.dataTransfer).then((picked) => take.current(picked));
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', hover);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', hover);
      window.removeEventListener('drop', drop);
    };
  }, [disabled]);

  return (
    <div className="documents" data-testid="drop-zone">
      {children}
      {over && !disabled && (
        <div className="drop-hint" aria-hidden="true">
          <p>
            <UploadIcon size={28} /> {label}
          </p>
        </div>
      )}
    </div>
  );
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
const isInDialog = (): boolean => document.querySelector('dialog[open]') !== null;
