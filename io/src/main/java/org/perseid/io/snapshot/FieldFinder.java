package org.perseid.io.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.Nearest;
import org.perseid.io.expression.Expression;
import org.perseid.io.expression.ExpressionException;
import org.perseid.io.expression.Symbols;

/**
 * Finds what a name stands for in one type of a snapshot: derived fields first, then fields of the
 * file, then {@code position, velocity, mass} and {@code id} by their roles. Used by one thread;
 * the fields that it finds may be read by many.
 */
final class FieldFinder {
    private final SnapshotInfo info;
    private final LoadRequest request;
    private final Map<String, Expression> compiled = new HashMap<>();

    FieldFinder(SnapshotInfo info, LoadRequest request) {
        this.info = info;
        this.request = request;
    }

    /**
     * A field that must be there, with that number of components.
     *
     * @throws InputException when it is not
     */
    FieldData require(SnapshotPart part, String name, int components) {
        FieldData field = find(part, name);
        if (field == null) {
            throw new InputException(part.path(), missing(part, name));
        }
        if (field.components() != components) {
            throw new InputException(
                    part.path(),
                    "field '"
                            + name
                            + "' has "
                            + field.components()
                            + " components, expected "
                            + components
                            + (components == 1
                                    ? "; a vector can be shown as colour with color_is_vectorN=true,"
                                            + " one component with field.NAME=FIELD.x"
                                    : "; show it with color_is_vectorN=false"));
        }
        return field;
    }

    /**
     * A field of one component for a float layer: what a type has not is NaN, and a type without
     * masses has 1 for each particle.
     */
    FieldData extra(SnapshotPart part, String name) {
        if (!has(part, name)) {
            return ComputedData.constant(name.equals("mass") ? 1 : Double.NaN);
        }
        return require(part, name, 1);
    }

    /** Whether the sizes that the request wants to read are in none of the files. */
    boolean sizeMissing(List<? extends SnapshotPart> parts) {
        String field = request.sizeField();
        return request.fixedSize() == 0
                && (field == null
                        || parts.stream()
                                .noneMatch(p ->
                                        p.rows(request.fileType()) > 0 && find(p, field) != null));
    }

    /** Whether a name stands for something here; a formula may not, for want of a field. */
    boolean has(SnapshotPart part, String name) {
        try {
            return find(part, name) != null;
        } catch (InputException e) {
            return false;
        }
    }

    /** What the name stands for; null when there is nothing. */
    @Nullable FieldData find(SnapshotPart part, String name) {
        if (name.indexOf(',') >= 0 && inFile(part, name) == null) {
            List<FieldData> parts = new ArrayList<>();
            for (String one : name.split(",", -1)) {
                parts.add(require(part, one.strip(), 1));
            }
            return new JoinedData(List.copyOf(parts));
        }
        String formula = request.more().derived().get(name);
        return formula != null ? derived(part, name, formula) : inFile(part, name);
    }

    private @Nullable FieldData inFile(SnapshotPart part, String name) {
        FieldData field = part.field(name, request.fileType(), request.present());
        return field != null ? field : byRole(part, name);
    }

    private @Nullable FieldData byRole(SnapshotPart part, String name) {
        Roles roles = info.roles();
        String alias =
                switch (name) {
                    case "position" -> roles.position();
                    case "velocity" -> roles.velocity();
                    case "mass" -> roles.mass();
                    case "id" -> roles.id();
                    default -> null;
                };
        if (alias != null && !alias.equals(name)) {
            FieldData field =
                    alias.indexOf(',') < 0
                            ? part.field(alias, request.fileType(), request.present())
                            : joined(part, alias);
            if (field != null) {
                return field;
            }
        }
        double tableMass = info.typeMass(request.fileType());
        return name.equals("mass") && tableMass > 0 ? ComputedData.constant(tableMass) : null;
    }

    private @Nullable FieldData joined(SnapshotPart part, String names) {
        List<FieldData> parts = new ArrayList<>();
        for (String one : names.split(",", -1)) {
            FieldData field = part.field(one, request.fileType(), request.present());
            if (field == null) {
                return null;
            }
            parts.add(field);
        }
        return new JoinedData(List.copyOf(parts));
    }

    private FieldData derived(SnapshotPart part, String name, String formula) {
        Expression expression = compile(part, "field." + name, formula);
        return bind(part, expression);
    }

    /**
     * A condition over the rows: 1 where it holds, 0 where not.
     *
     * @param key of the parameter file, for messages
     */
    FieldData condition(SnapshotPart part, String key, String formula) {
        Expression expression = compile(part, key, formula);
        if (!expression.isCondition()) {
            throw new InputException(
                    key
                            + ": '"
                            + formula
                            + "' is a number; expected a condition, as in mass > 1e-4");
        }
        return bind(part, expression);
    }

    private Expression compile(SnapshotPart part, String key, String formula) {
        try {
            return compiled.computeIfAbsent(
                    formula, f -> Expression.compile(f, new PartSymbols(part)));
        } catch (ExpressionException e) {
            throw new InputException(
                    key
                            + ": in '"
                            + formula
                            + "' for "
                            + info.typeName(request.fileType())
                            + ": "
                            + e.getMessage());
        }
    }

    private FieldData bind(SnapshotPart part, Expression expression) {
        List<String> names =
                expression.inputs().stream().map(Expression.Input::field).distinct().toList();
        List<FieldData> fields = new ArrayList<>();
        for (String name : names) {
            FieldData field = inFile(part, name);
            if (field == null) {
                throw new InputException(part.path(), missing(part, name));
            }
            fields.add(field);
        }
        return new ComputedData(
                1, (row, rows, out) -> evaluate(expression, names, fields, row, rows, out));
    }

    private static void evaluate(
            Expression expression,
            List<String> names,
            List<FieldData> fields,
            long row,
            int rows,
            double[] out) {
        double[][] in = new double[expression.inputs().size()][rows];
        for (int f = 0; f < fields.size(); f++) {
            int components = fields.get(f).components();
            double[] values = new double[rows * components];
            fields.get(f).doubles(row, rows, values);
            for (int k = 0; k < in.length; k++) {
                Expression.Input input = expression.inputs().get(k);
                if (input.field().equals(names.get(f))) {
                    for (int i = 0; i < rows; i++) {
                        in[k][i] = values[i * components + input.component()];
                    }
                }
            }
        }
        expression.code().evaluate(in, rows, out);
    }

    private String missing(SnapshotPart part, String name) {
        Set<String> names = part.fieldNames(request.fileType());
        String trouble = part.trouble(name);
        String what =
                !trouble.isEmpty()
                        ? trouble
                        : "type "
                                + request.fileType()
                                + " ("
                                + info.typeName(request.fileType())
                                + ") has no field '"
                                + name
                                + "'";
        return what
                + Nearest.to(name, names).map(n -> "; did you mean " + n + "?").orElse("")
                + "; it has: "
                + String.join(", ", names);
    }

    /** The names that a formula may use. */
    private final class PartSymbols implements Symbols {
        private final SnapshotPart part;

        PartSymbols(SnapshotPart part) {
            this.part = part;
        }

        @Override
        public OptionalInt components(String field) {
            FieldData data = inFile(part, field);
            return data == null ? OptionalInt.empty() : OptionalInt.of(data.components());
        }

        @Override
        public OptionalDouble constant(String name) {
            double v = Constants.value(name, info);
            return Double.isNaN(v) ? OptionalDouble.empty() : OptionalDouble.of(v);
        }

        @Override
        public @Nullable String formula(String name) {
            return request.more().derived().get(name);
        }

        @Override
        public Set<String> names() {
            Set<String> names = new LinkedHashSet<>(part.fieldNames(request.fileType()));
            names.addAll(request.more().derived().keySet());
            names.addAll(Constants.NAMES);
            return names;
        }
    }
}
