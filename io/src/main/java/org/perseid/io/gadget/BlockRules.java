package org.perseid.io.gadget;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.perseid.io.snapshot.ElementType;

/** What the usual blocks hold, and which particle types are in a block of a given length. */
final class BlockRules {
    private static final int ALL = 0b111111;
    private static final int GAS = 0b000001;
    private static final int STARS = 0b010000;
    private static final int UNKNOWN = 0;

    /** In the order of a format 1 file. */
    private static final Map<String, Rule> RULES =
            Stream.of(
                            new Rule("POS", 3, ALL, "position", "length"),
                            new Rule("VEL", 3, ALL, "velocity", "velocity"),
                            new Rule("ID", 1, ALL, "particle id", ""),
                            new Rule("MASS", 1, UNKNOWN, "mass", "mass"),
                            new Rule("U", 1, GAS, "internal energy per mass", "velocity^2"),
                            new Rule("RHO", 1, GAS, "density", "mass/length^3"),
                            new Rule("NE", 1, GAS, "electron abundance", ""),
                            new Rule("NH", 1, GAS, "neutral hydrogen abundance", ""),
                            new Rule("HSML", 1, GAS, "smoothing length", "length"),
                            new Rule("HSMS", 1, STARS, "smoothing length of stars", "length"),
                            new Rule("SFR", 1, GAS, "star formation rate", ""),
                            new Rule("AGE", 1, STARS, "formation time of stars", ""),
                            new Rule("Z", 1, GAS | STARS, "metallicity", ""),
                            new Rule("TEMP", 1, GAS, "temperature", "K"),
                            new Rule("POT", 1, ALL, "gravitational potential", "velocity^2"),
                            new Rule("ACCE", 3, ALL, "acceleration", "velocity^2/length"),
                            new Rule("ENDT", 1, GAS, "rate of change of entropy", ""),
                            new Rule("TSTP", 1, ALL, "time step", "time"),
                            new Rule("BFLD", 3, GAS, "magnetic field", ""))
                    .collect(Collectors.toUnmodifiableMap(Rule::name, r -> r));

    private BlockRules() {}

    /** What is known of a label. */
    record Rule(String name, int components, int types, String description, String unit) {}

    /** An entry of a snapshot's INFO block. */
    record Declared(boolean integer, int bytes, int components, int types) {}

    static Rule rule(String name) {
        Rule rule = RULES.get(name);
        return rule != null ? rule : new Rule(name, 1, UNKNOWN, "", "");
    }

    /** The names that records of a format 1 file have when nobody says otherwise. */
    static List<String> usualOrder(GadgetHeader header) {
        Stream<String> order = Stream.of("POS", "VEL", "ID");
        if (typesWithoutMass(header) != 0) {
            order = Stream.concat(order, Stream.of("MASS"));
        }
        if (header.counts()[0] > 0) {
            order = Stream.concat(order, Stream.of("U", "RHO"));
            if (header.cooling() == 1) {
                order = Stream.concat(order, Stream.of("NE", "NH"));
            }
            order = Stream.concat(order, Stream.of("HSML"));
        }
        return Stream.concat(order, Stream.of("POT", "ACCE")).toList();
    }

    private static int typesWithoutMass(GadgetHeader header) {
        int mask = 0;
        for (int t = 0; t < GadgetHeader.TYPES; t++) {
            if (header.counts()[t] > 0 && header.masses()[t] == 0) {
                mask |= 1 << t;
            }
        }
        return mask;
    }

    /**
     * The block with the given record as its payload: by the snapshot's own declaration, else by
     * the usual rule of its name, else by the first set of types that fits the length.
     *
     * @param positionBytes width of a position's component, 0 when not known: preferred for other
     *     blocks
     * @return null when nothing fits
     */
    static @Nullable Block resolve(
            String name,
            RawRecord record,
            GadgetHeader header,
            @Nullable Declared declared,
            int positionBytes) {
        boolean integer = name.equals("ID") || name.equals("IDS");
        Rule rule = rule(name);
        int ruleTypes = name.equals("MASS") ? typesWithoutMass(header) : rule.types;
        if (declared != null) {
            Block block =
                    fit(
                            name,
                            record,
                            header,
                            declared.integer,
                            declared.bytes,
                            declared.components,
                            declared.types);
            if (block != null) {
                return block;
            }
        }
        int preferred = positionBytes == 8 ? 8 : 4;
        int[] widths = {preferred, 12 - preferred};
        int[] usual = ruleTypes == UNKNOWN ? new int[0] : new int[] {ruleTypes};
        if (integer || name.equals("POS") || name.equals("VEL")) {
            return fitAny(name, record, header, integer, widths, rule.components, usual);
        }
        int[] masks = IntStream.concat(IntStream.of(usual), likelyTypes()).toArray();
        Block block = fitAny(name, record, header, false, widths, rule.components, masks);
        return block != null
                ? block
                : fitAny(name, record, header, false, widths, 4 - rule.components, masks);
    }

    /** The block with exactly these types; null when they do not fit the length. */
    static @Nullable Block withTypes(Block block, GadgetHeader header, int types) {
        RawRecord record = new RawRecord(block.name(), block.extents(), 0);
        boolean integer = block.element() == ElementType.U4 || block.element() == ElementType.U8;
        return fitAny(
                block.name(),
                record,
                header,
                integer,
                new int[] {4, 8},
                block.components(),
                new int[] {types});
    }

    private static @Nullable Block fitAny(
            String name,
            RawRecord record,
            GadgetHeader header,
            boolean integer,
            int[] widths,
            int components,
            int[] masks) {
        for (int width : widths) {
            for (int mask : masks) {
                Block block = fit(name, record, header, integer, width, components, mask);
                if (block != null) {
                    return block;
                }
            }
        }
        return null;
    }

    private static @Nullable Block fit(
            String name,
            RawRecord record,
            GadgetHeader header,
            boolean integer,
            int bytes,
            int components,
            int types) {
        long[] rows = new long[GadgetHeader.TYPES];
        long total = 0;
        for (int t = 0; t < rows.length; t++) {
            rows[t] = (types >> t & 1) == 1 ? header.counts()[t] : 0;
            total += rows[t];
        }
        if (total * bytes * components != record.length()) {
            return null;
        }
        return new Block(name, Block.element(integer, bytes), components, rows, record.extents());
    }

    /** All types, gas, stars, gas and stars, then every other set. */
    private static IntStream likelyTypes() {
        return IntStream.concat(
                IntStream.of(ALL, GAS, STARS, GAS | STARS), IntStream.rangeClosed(1, ALL));
    }
}
