package org.perseid.io;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean ...?" */
public final class Nearest {
    private Nearest() {}

    /**
     * The candidate that differs least from the word, in at most a third of its letters (two at
     * least).
     */
    public static Optional<String> to(String word, Collection<String> candidates) {
        String best = null;
        int bestDistance = Math.max(2, word.length() / 3) + 1;
        for (String candidate : candidates) {
            int d = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (d < bestDistance) {
                bestDistance = d;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Levenshtein's edit distance; long words are compared by their first 64 letters. */
    static int distance(String a, String b) {
        String s = a.substring(0, Math.min(64, a.length()));
        String t = b.substring(0, Math.min(64, b.length()));
        int[] previous = new int[t.length() + 1];
        for (int j = 0; j <= t.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= s.length(); i++) {
            int[] current = new int[t.length() + 1];
            current[0] = i;
            for (int j = 1; j <= t.length(); j++) {
                int replaced = previous[j - 1] + (s.charAt(i - 1) == t.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[t.length()];
    }
}
