package org.perseid.io.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.snapshot.Units;
import org.perseid.renderer.model.FieldRange;

/** A {@link Directory} as text: lines of words with tabs between them. See docs/store.md. */
final class DirectoryText {
    private static final String NONE = "-";
    private static final int MAX_LEVELS = 32;

    private DirectoryText() {}

    static String of(Directory directory) {
        StringBuilder out = new StringBuilder();
        line(out, "made-by", directory.madeBy());
        line(out, "source", directory.source());
        SnapshotInfo.Header h = directory.header();
        line(
                out,
                "header",
                h.time(),
                h.redshift(),
                h.boxSize(),
                h.hubble(),
                h.omega0(),
                h.omegaLambda());
        for (Units.Unit unit :
                List.of(
                        directory.units().length(),
                        directory.units().mass(),
                        directory.units().velocity())) {
            line(out, "unit", unit.name(), unit.cgs());
        }
        Roles roles = directory.roles();
        line(
                out,
                "roles",
                roles.position(),
                orNone(roles.velocity()),
                orNone(roles.mass()),
                orNone(roles.id()),
                orNone(roles.size()),
                roles.supportPerSize());
        directory.parameters().forEach((key, value) -> line(out, "parameter", key, value));
        directory.types().forEach(type -> type(out, type));
        line(out, "end");
        return out.toString();
    }

    private static void type(StringBuilder out, Directory.Type type) {
        line(
                out,
                "type",
                type.index(),
                type.name(),
                type.count(),
                type.mass(),
                type.originX(),
                type.originY(),
                type.originZ(),
                type.size());
        section(out, "blocks", type.blocks());
        for (Directory.Field field : type.fields()) {
            line(
                    out,
                    "field",
                    field.name(),
                    field.element().code(),
                    field.columns().size(),
                    field.range().min(),
                    field.range().max(),
                    field.range().minPositive(),
                    field.finite() ? "finite" : "not-finite",
                    field.unit(),
                    field.description(),
                    field.formula());
            columns(out, field.columns());
        }
        for (Directory.Nodes nodes : type.nodes()) {
            Directory.Light light = nodes.light();
            line(
                    out,
                    "nodes",
                    nodes.levels().size(),
                    light.size(),
                    orNone(light.intensity()),
                    light.color(),
                    light.mapping());
            for (Directory.Level level : nodes.levels()) {
                line(out, "level", level.count());
                section(out, "sides", level.sides());
                section(out, "blocks", level.blocks());
                columns(out, level.columns());
            }
        }
    }

    private static void columns(StringBuilder out, List<Directory.Column> columns) {
        for (Directory.Column column : columns) {
            line(out, "column", column.offset(), column.sums().offset(), hex(column.sums().sum()));
        }
    }

    private static void section(StringBuilder out, String name, Directory.Section section) {
        line(out, name, section.offset(), hex(section.sum()));
    }

    private static String hex(int sum) {
        return String.format(Locale.ROOT, "%08x", sum);
    }

    private static String orNone(@Nullable String text) {
        return text == null ? NONE : text;
    }

    private static void line(StringBuilder out, Object... words) {
        for (int k = 0; k < words.length; k++) {
            out.append(k == 0 ? "" : "\t")
                    .append(String.valueOf(words[k]).replaceAll("[\\t\\n\\r]", " "));
        }
        out.append('\n');
    }

    /**
     * Reads a directory.
     *
     * @throws IllegalArgumentException when it is none, with what was found
     */
    static Directory parse(String text) {
        return new Reader(text).read();
    }

    /** The lines that are left. */
    private static final class Reader {
        private final Deque<String[]> lines = new ArrayDeque<>();

        Reader(String text) {
            text.lines().forEach(line -> lines.add(line.split("\t", -1)));
        }

        Directory read() {
            String madeBy = next("made-by", 1)[1];
            String source = next("source", 1)[1];
            String[] h = next("header", 6);
            SnapshotInfo.Header header =
                    new SnapshotInfo.Header(
                            real(h[1]), real(h[2]), real(h[3]), real(h[4]), real(h[5]), real(h[6]));
            Units units = new Units(unit(), unit(), unit());
            String[] r = next("roles", 6);
            Roles roles =
                    new Roles(
                            r[1],
                            orNull(r[2]),
                            orNull(r[3]),
                            orNull(r[4]),
                            orNull(r[5]),
                            real(r[6]));
            Map<String, String> parameters = new LinkedHashMap<>();
            while (isNext("parameter")) {
                String[] p = next("parameter", 2);
                parameters.put(p[1], p[2]);
            }
            List<Directory.Type> types = new ArrayList<>();
            while (isNext("type")) {
                types.add(type());
            }
            String[] _ = next("end", 0);
            return new Directory(madeBy, source, parameters, header, units, roles, types);
        }

        private Directory.Type type() {
            String[] t = next("type", 8);
            Directory.Section blocks = section("blocks");
            List<Directory.Field> fields = new ArrayList<>();
            while (isNext("field")) {
                fields.add(field());
            }
            List<Directory.Nodes> nodes = new ArrayList<>();
            while (isNext("nodes")) {
                nodes.add(nodes());
            }
            return new Directory.Type(
                    Math.toIntExact(whole(t[1])),
                    t[2],
                    whole(t[3]),
                    real(t[4]),
                    real(t[5]),
                    real(t[6]),
                    real(t[7]),
                    blocks,
                    t[8],
                    fields,
                    nodes);
        }

        private Directory.Field field() {
            String[] f = next("field", 10);
            ElementType element = f[2].equals("u8") ? ElementType.U8 : ElementType.F4;
            if (!element.code().equals(f[2])) {
                throw new IllegalArgumentException("field " + f[1] + " of " + f[2]);
            }
            return new Directory.Field(
                    f[1],
                    element,
                    f[8],
                    f[9],
                    f[10],
                    new FieldRange(real(f[4]), real(f[5]), real(f[6])),
                    f[7].equals("finite"),
                    columns(whole(f[3])));
        }

        private Directory.Nodes nodes() {
            String[] n = next("nodes", 5);
            Directory.Light light = new Directory.Light(n[2], orNull(n[3]), n[4], n[5]);
            List<Directory.Level> levels = new ArrayList<>();
            for (long k = within(whole(n[1]), MAX_LEVELS); k > 0; k--) {
                long count = whole(next("level", 1)[1]);
                levels.add(
                        new Directory.Level(
                                count, section("sides"), section("blocks"), columns(8)));
            }
            return new Directory.Nodes(light, levels);
        }

        private List<Directory.Column> columns(long n) {
            List<Directory.Column> out = new ArrayList<>();
            for (long k = within(n, MAX_LEVELS); k > 0; k--) {
                String[] c = next("column", 3);
                out.add(
                        new Directory.Column(
                                whole(c[1]), new Directory.Section(whole(c[2]), sum(c[3]))));
            }
            return out;
        }

        private Directory.Section section(String name) {
            String[] s = next(name, 2);
            return new Directory.Section(whole(s[1]), sum(s[2]));
        }

        private Units.Unit unit() {
            String[] u = next("unit", 2);
            return new Units.Unit(u[1], real(u[2]));
        }

        private boolean isNext(String name) {
            String[] words = lines.peek();
            return words != null && words[0].equals(name);
        }

        private String[] next(String name, int values) {
            String[] words = lines.poll();
            if (words == null || !words[0].equals(name) || words.length <= values) {
                throw new IllegalArgumentException(
                        (words == null ? "nothing" : "'" + String.join(" ", words) + "'")
                                + " where a line '"
                                + name
                                + "' has to be");
            }
            return words;
        }

        private static long within(long n, long most) {
            if (n > most) {
                throw new IllegalArgumentException(n + " where at most " + most + " can be");
            }
            return n;
        }

        private static @Nullable String orNull(String word) {
            return word.equals(NONE) ? null : word;
        }

        private static double real(String word) {
            return Double.parseDouble(word);
        }

        private static long whole(String word) {
            long v = Long.parseLong(word);
            if (v < 0) {
                throw new IllegalArgumentException(word + " where a count or place has to be");
            }
            return v;
        }

        private static int sum(String word) {
            return Integer.parseUnsignedInt(word, 16);
        }
    }
}
