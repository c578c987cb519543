import { useId, type InputHTMLAttributes } from 'react';

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string;
  errors?: string[] | undefined;
}

export function Field({ label, hint, errors = [], ...input }: FieldProps) {
  const id = useId();
  const help = errors.length > 0 ? errors.join(' ') : hint;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} {...input} aria-invalid={errors.length > 0} aria-describedby={help ? `${id}-help` : undefined} />
      {help && (
        <p id={`${id}-help`} className={errors.length > 0 ? 'field-error' : 'field-hint'}>
          {help}
        </p>
      )}
    </div>
  );
}
