const allowedSchemes = new Set(['http:', 'https:', 'mailto:']);

/** The address if it is absolute and harmless to follow, else null: the text of the link is then shown alone. */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href.trim());
    return allowedSchemes.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
