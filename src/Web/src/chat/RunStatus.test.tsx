import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { noAnswer } from './fold';
import { newRun, type Run } from './runStore';
import { RunStatus } from './RunStatus';

const known = { ...noAnswer, responseId: 'resp_1' };
const html = (run: Partial<Run>): string => renderToStaticMarkup(<RunStatus conversationId="conv_1" run={{ ...newRun(null, known), ...run }} model="gpt-5" />);

describe('RunStatus', () => {
  it('says what an answer waits for', () => {
    expect(html({})).toContain('Waiting for a free slot…');
    expect(html({ reconnecting: true })).toContain('Reconnecting…');
    expect(html({ stopping: true })).toContain('Stopping…');
    expect(html({ stopping: true, reconnecting: true })).toContain('as soon as the server can be reached');
  });

  it('says nothing while all goes as expected', () => {
    expect(html({ answer: noAnswer })).not.toContain('run-progress');
    expect(html({ answer: { ...known, status: 'in_progress' } })).not.toContain('run-progress');
  });

  it('offers to show the answer that is in the way of another', () => {
    expect(html({ phase: 'blocked' })).toContain('Show that answer');
  });
});
