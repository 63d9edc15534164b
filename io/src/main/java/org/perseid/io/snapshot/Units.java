package org.perseid.io.snapshot;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The units of a snapshot's numbers, each a name and its value in cgs.
 *
 * @param length of positions and sizes
 * @param mass of masses
 * @param velocity of velocities
 */
public record Units(Unit length, Unit mass, Unit velocity) {
    private static final Map<String, Double> KNOWN =
            Map.ofEntries(
                    Map.entry("pc", 3.085677581491367e18),
                    Map.entry("kpc", 3.085677581491367e21),
                    Map.entry("Mpc", 3.085677581491367e24),
                    Map.entry("Gpc", 3.085677581491367e27),
                    Map.entry("AU", 1.495978707e13),
                    Map.entry("au", 1.495978707e13),
                    Map.entry("ly", 9.4607304725808e17),
                    Map.entry("Rsun", 6.957e10),
                    Map.entry("cm", 1.0),
                    Map.entry("m", 100.0),
                    Map.entry("km", 1e5),
                    Map.entry("g", 1.0),
                    Map.entry("kg", 1000.0),
                    Map.entry("Msun", 1.98840987e33),
                    Map.entry("Mearth", 5.9721679e27),
                    Map.entry("s", 1.0),
                    Map.entry("yr", 3.15576e7),
                    Map.entry("Myr", 3.15576e13),
                    Map.entry("Gyr", 3.15576e16),
                    Map.entry("K", 1.0));

    private static final Pattern FACTOR =
            Pattern.compile("([A-Za-z]+|[0-9.]+(?:[eE][+-]?\\d+)?)(?:\\^?(-?\\d+))?");

    /**
     * A unit.
     *
     * @param name as people write it, {@code "kpc/h"}; "code length" and the like when unknown
     * @param cgs in cm, g or cm/s; NaN when unknown
     */
    public record Unit(String name, double cgs) {
        /** Whether its size is known. */
        public boolean isKnown() {
            return !Double.isNaN(cgs);
        }
    }

    /** Units of which the file says nothing. */
    public static final Units UNKNOWN =
            new Units(
                    new Unit("code length", Double.NaN),
                    new Unit("code mass", Double.NaN),
                    new Unit("code velocity", Double.NaN));

    /**
     * A unit from its name: factors with a blank or a star between them, a slash before each that
     * divides, powers as {@code ^2}; {@code h} and {@code a} are the Hubble parameter and the scale
     * factor, as in {@code "1e10 Msun/h"} or {@code "kpc a/h"}.
     *
     * @param hubble counts for h; 0 as 1
     * @param scaleFactor counts for a; 0 as 1
     * @return not known when a word of it is not
     */
    public static Unit parse(String name, double hubble, double scaleFactor) {
        double value = 1;
        boolean divide = false;
        for (String word : name.replace("/", " / ").replace("*", " ").trim().split("\\s+", -1)) {
            if (word.equals("/")) {
                divide = true;
                continue;
            }
            Matcher m = FACTOR.matcher(word);
            double one = m.matches() ? factor(m.group(1), hubble, scaleFactor) : Double.NaN;
            int power = m.matches() && m.group(2) != null ? Integer.parseInt(m.group(2)) : 1;
            value *= Math.pow(one, divide ? -power : power);
            divide = false;
        }
        return new Unit(name.trim(), value);
    }

    private static double factor(String word, double hubble, double scaleFactor) {
        return switch (word) {
            case "h" -> hubble > 0 ? hubble : 1;
            case "a" -> scaleFactor > 0 ? scaleFactor : 1;
            default ->
                    Character.isDigit(word.charAt(0))
                            ? Double.parseDouble(word)
                            : KNOWN.getOrDefault(word, Double.NaN);
        };
    }

    /**
     * The name of a unit that a file gives in cgs.
     *
     * @param cgs value in cm, g or cm/s, powers of h and a left out
     * @param base names to try: {@code kpc}, {@code Msun} ...
     * @param suffix what follows the name, {@code "/h"}
     * @param factor value of the suffix
     */
    public static Unit named(double cgs, String[] base, String suffix, double factor) {
        for (String name : base) {
            double ratio = cgs / parse(name, 1, 1).cgs();
            double power = Math.rint(Math.log10(ratio));
            if (Math.abs(ratio / Math.pow(10, power) - 1) < 3e-3 && Math.abs(power) <= 12) {
                String lead = power == 0 ? "" : String.format(Locale.ROOT, "1e%.0f ", power);
                if (power == 0 || base.length == 1 || name.equals(base[base.length - 1])) {
                    return new Unit(lead + name + suffix, cgs * factor);
                }
            }
        }
        String number = String.format(Locale.ROOT, "%.6g", cgs).replaceAll("\\.?0+(e|$)", "$1");
        return new Unit(number + " cgs" + suffix, cgs * factor);
    }

    /** These, but for the units that are given. */
    public Units with(String newLength, String newMass, String newVelocity, double h, double a) {
        return new Units(
                newLength.isEmpty() ? length : parse(newLength, h, a),
                newMass.isEmpty() ? mass : parse(newMass, h, a),
                newVelocity.isEmpty() ? velocity : parse(newVelocity, h, a));
    }
}
