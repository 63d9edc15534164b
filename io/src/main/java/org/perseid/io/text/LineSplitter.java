package org.perseid.io.text;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * Cuts a line into columns.
 *
 * @param separator between columns; a blank stands for any number of blanks and tabs
 */
record LineSplitter(char separator) {
    private static final String SEPARATORS = ",;\t|";

    /** The separator that a line has, blanks where it has no other. */
    static LineSplitter detect(String line) {
        char best = ' ';
        long most = 0;
        for (int k = 0; k < SEPARATORS.length(); k++) {
            char c = SEPARATORS.charAt(k);
            long n = line.chars().filter(x -> x == c).count();
            if (n > most) {
                best = c;
                most = n;
            }
        }
        return new LineSplitter(best);
    }

    /** The columns of a line, without blanks around them. */
    List<String> split(String line) {
        List<String> out = new ArrayList<>();
        if (separator == ' ') {
            StringTokenizer words = new StringTokenizer(line);
            while (words.hasMoreTokens()) {
                out.add(words.nextToken());
            }
            return out;
        }
        try {
            CsvReader.builder()
                    .fieldSeparator(separator)
                    .ofSingleCsvRecord(line)
                    .getFields()
                    .forEach(f -> out.add(f.strip()));
        } catch (CsvParseException e) {
            out.add(line);
        }
        return out;
    }

    /** How many words are numbers. */
    static long numbers(List<String> words) {
        return words.stream().filter(w -> !Double.isNaN(number(w))).count();
    }

    /** A number; NaN where there is none. */
    static double number(String word) {
        if (word.isEmpty() || "dDfF".indexOf(word.charAt(word.length() - 1)) >= 0) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(word);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    String describe() {
        return switch (separator) {
            case ' ' -> "with blanks between them";
            case '\t' -> "with tabs between them";
            default -> "with '" + separator + "' between them";
        };
    }
}
