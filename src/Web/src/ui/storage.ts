/** Browser storage that may be full or forbidden (private windows): remembering is a comfort, never a condition. */
export const storage = {
  read(key: string): string | null {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  write(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
    } catch {
      // Forgetting it is all that can happen.
    }
  },
};
