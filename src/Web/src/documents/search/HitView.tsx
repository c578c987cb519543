import { memo, useMemo } from 'react';
import type { Explanation, Hit } from '../../api/documentWire';
import { followLink } from '../../app/router';
import { ChevronIcon } from '../../ui/icons';
import { passagePath } from '../paths';
import { percent } from '../words';
import { highlight } from './highlight';

interface HitViewProps {
  collectionId: string;
  hit: Hit;
  rank: number;
}

/** A passage that was found. */
export const HitView = memo(function HitView({ collectionId, hit, rank }: HitViewProps) {
  const { filename, page, headings, score, content, explanation } = hit;
  const text = content.map((part) => part.text).join('\n\n');
  const path = passagePath({ vector_store_id: collectionId, file_id: hit.file_id, page, start: hit.start, end: hit.end, quote: text });
  return (
    <li className="hit" data-testid="hit">
      <div className="hit-head">
        <span className="hit-rank" aria-hidden="true">{rank}</span>
        <h3 className="hit-name">
          <a href={path!} onClick={followLink}><bdi>{filename}</bdi></a>
          <span className="muted">page {page}</span>
        </h3>
        <span className="hit-score" title="How well the passage fits">
          <span className="visually-hidden">Score </span>{score.toFixed(2)}
          <span className="hit-bar" aria-hidden="true"><span style={{ width: `${percent(score)}%` }} /></span>
        </span>
      </div>
      {headings.length > 0 && <p className="hit-headings muted small" dir="auto">{headings.join(' › ')}</p>}
      <HitText text={text} explanation={explanation ?? null} />
      {explanation && <Why explanation={explanation} />}
    </li>
  );
});

function HitText({ text, explanation }: { text: string; explanation: Explanation | null }) {
  const pieces = useMemo(() => highlight(text, Object.keys(explanation?.terms ?? {})), [text, explanation]);
  return (
    <p className="hit-text" dir="auto" tabIndex={0}>
      {pieces.map((piece, index) => (piece.isFound ? <mark key={index}>{piece.text}</mark> : piece.text))}
    </p>
  );
}

/** Why it was found, word by word. */
function Why({ explanation: { text_rank, text_score, terms, embedding_rank, similarity, rerank_score } }: { explanation: Explanation }) {
  const words = Object.entries(terms).toSorted(([, a], [, b]) => b - a);
  const most = words[0]?.[1] || 1;
  return (
    <details className="hit-why">
      <summary data-testid="why"><ChevronIcon size={15} /> {summary(text_rank, embedding_rank)}</summary>
      <dl>
        <div>
          <dt>By its words</dt>
          <dd>{text_rank == null ? 'not found' : `place ${text_rank}${text_score == null ? '' : `, ${text_score.toFixed(2)} points`}`}</dd>
        </div>
        <div>
          <dt>By its meaning</dt>
          <dd>{embedding_rank == null ? 'not found' : `place ${embedding_rank}`}{similarity == null ? '' : `, similarity ${similarity.toFixed(2)}`}</dd>
        </div>
        {rerank_score != null && (
          <div>
            <dt>By the ranking model</dt>
            <dd>{rerank_score.toFixed(2)}</dd>
          </div>
        )}
      </dl>
      {words.length > 0 && (
        <table className="hit-words">
          <thead className="visually-hidden"><tr><th scope="col">Word</th><th scope="col">Points</th></tr></thead>
          <tbody>
            {words.map(([word, points]) => (
              <tr key={word}>
                <th scope="row"><bdi>{word}</bdi></th>
                <td><span className="hit-points" style={{ width: `${Math.max(points / most, 0.02) * 8}rem` }} aria-hidden="true" />{points.toFixed(2)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function summary(textRank: number | null | undefined, embeddingRank: number | null | undefined): string {
  if (textRank == null) return embeddingRank == null ? 'Why it was found' : 'Found by its meaning';
  return embeddingRank == null ? 'Found by its words' : 'Found by its words and its meaning';
}
