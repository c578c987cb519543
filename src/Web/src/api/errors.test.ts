import { describe, expect, it } from 'vitest';
import { toApiError } from './errors';

describe('toApiError', () => {
  it('reads the error envelope of /v1', () => {
    const error = toApiError(409, { error: { message: 'Busy.', type: 'invalid_request_error', param: null, code: 'conversation_locked' } });
    expect(error).toMatchObject({ message: 'Busy.', status: 409, code: 'conversation_locked' });
  });

  it('reads problem+json of /api with its field errors', () => {
    const error = toApiError(400, { title: 'Bad Request', code: 'validation', errors: { new_password: ['Too short.'] } });
    expect(error).toMatchObject({ message: 'Bad Request', code: 'validation', fields: { new_password: ['Too short.'] } });
  });

  it('finds words for an answer that is not from this server', () => {
    expect(toApiError(502, null).message).toContain('did not answer');
    expect(toApiError(418, '<html>').message).toContain('418');
  });
});
