package org.perseid.io.par;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.perseid.io.par.KeySpec.Kind;
import org.perseid.io.par.KeySpec.Support;

/** All keys that a parameter file may hold, from the resource {@code keys.txt}. */
final class Keys {
    /** Most displayed types. */
    static final int MAX_TYPES = 32;

    private static final Map<String, KeySpec> GLOBAL = new TreeMap<>();
    private static final Map<String, KeySpec> PER_TYPE = new TreeMap<>();

    /** Keys under which log files note what was found; read back without a word. */
    private static final Set<String> NOTED =
            Set.of(
                    "time",
                    "redshift",
                    "boxsize",
                    "range_min",
                    "range_max",
                    "clamp_min",
                    "clamp_max");

    /** Stands for the keys that define fields. */
    private static final String FIELD_KEY = "field.NAME";

    private static final Pattern FIELD = Pattern.compile("field\\.[A-Za-z_]\\w{0,63}");

    private Keys() {}

    static {
        Support support = Support.USED;
        for (String line : resource().lines().toList()) {
            if (line.startsWith("[")) {
                support = Support.valueOf(line.substring(1, line.indexOf(']')));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                add(support, line.split(" +", 4));
            }
        }
    }

    private static String resource() {
        try (InputStream in = Keys.class.getResourceAsStream("keys.txt")) {
            if (in == null) {
                throw new IllegalStateException("resource keys.txt");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds a line: kind, name, default, meaning. */
    private static void add(Support support, String[] words) {
        Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
        boolean perType = words[1].endsWith("N");
        String name = perType ? words[1].substring(0, words[1].length() - 1) : words[1];
        String defaultText = words[2].equals("-") ? "" : words[2];
        String doc = words.length > 3 ? words[3] : "";
        KeySpec spec = new KeySpec(name, kind, defaultText, perType, support, doc);
        (perType ? PER_TYPE : GLOBAL).put(name, spec);
    }

    /** The key of that name, its type number left out; null when there is none. */
    static @Nullable KeySpec find(String key) {
        KeySpec global = GLOBAL.get(FIELD.matcher(key).matches() ? FIELD_KEY : key);
        return global != null ? global : typeNumber(key) < 0 ? null : PER_TYPE.get(stem(key));
    }

    /** Whether the key is one that a log file notes. */
    static boolean isNoted(String key) {
        return NOTED.contains(key) || NOTED.contains(stem(key));
    }

    /** The number that ends a key, -1 when none does. */
    static int typeNumber(String key) {
        String digits = key.substring(stem(key).length());
        return digits.isEmpty() || digits.length() > 4 ? -1 : Integer.parseInt(digits);
    }

    static String stem(String key) {
        int end = key.length();
        while (end > 0 && key.charAt(end - 1) >= '0' && key.charAt(end - 1) <= '9') {
            end--;
        }
        return key.substring(0, end);
    }

    /** All keys: the global ones, then those of types. */
    static List<KeySpec> all() {
        List<KeySpec> out = new ArrayList<>(GLOBAL.values());
        out.addAll(PER_TYPE.values());
        return out;
    }

    /** Names to compare a misspelt key with. */
    static List<String> names(String like) {
        List<String> out = new ArrayList<>(GLOBAL.keySet());
        String digits = like.substring(stem(like).length());
        PER_TYPE.keySet().forEach(name -> out.add(name + (digits.isEmpty() ? "N" : digits)));
        return out;
    }
}
