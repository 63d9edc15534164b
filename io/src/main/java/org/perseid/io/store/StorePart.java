package org.perseid.io.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldData;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Loaded;
import org.perseid.io.snapshot.Roles;
import org.perseid.io.snapshot.SnapshotPart;
import org.perseid.renderer.model.Blocks;
import org.perseid.renderer.model.Detail;
import org.perseid.renderer.model.FieldRange;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.RenderException;
import org.perseid.renderer.model.Reporter;

/** The fields of a store, and its particles ready to be drawn. */
final class StorePart implements SnapshotPart {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final StoreFile store;
    private final boolean skip;
    private final Map<String, List<CheckedColumn>> columns = new HashMap<>();

    StorePart(StoreFile store, boolean skip) {
        this.store = store;
        this.skip = skip;
    }

    @Override
    public Path path() {
        return store.file().path();
    }

    private Directory.@Nullable Type type(int type) {
        return store.directory().types().stream()
                .filter(t -> t.index() == type)
                .findFirst()
                .orElse(null);
    }

    @Override
    public long rows(int type) {
        Directory.Type found = type(type);
        return found == null ? 0 : found.count();
    }

    @Override
    public Set<String> fieldNames(int type) {
        Directory.Type found = type(type);
        Set<String> names = new LinkedHashSet<>();
        if (found != null) {
            found.fields().forEach(f -> names.add(f.name()));
        }
        return names;
    }

    @Override
    public @Nullable FieldData field(String name, int type, Map<String, Integer> present) {
        Directory.Type of = type(type);
        Directory.Field field = of == null ? null : of.field(name);
        return of == null || field == null ? null : data(of, field);
    }

    private FieldData data(Directory.Type type, Directory.Field field) {
        boolean position = field.name().equals(store.directory().roles().position());
        List<Double> origin =
                position
                        ? List.of(type.originX(), type.originY(), type.originZ())
                        : Collections.nCopies(field.columns().size(), 0.0);
        return new StoredData(columns(type, field), origin, field.element());
    }

    private synchronized List<CheckedColumn> columns(Directory.Type type, Directory.Field field) {
        return columns.computeIfAbsent(
                type.index() + " " + field.name(),
                _ ->
                        checked(
                                type.name() + ", " + field.name(),
                                field.columns(),
                                type.count(),
                                field.element()));
    }

    private List<CheckedColumn> checked(
            String name, List<Directory.Column> of, long rows, ElementType element) {
        List<CheckedColumn> out = new ArrayList<>();
        for (Directory.Column column : of) {
            out.add(
                    new CheckedColumn(
                            path(),
                            name,
                            store.values(column, rows, element.bytes()),
                            store.place(column.sums(), 4 * StoreFile.blocks(rows)),
                            element.bytes(),
                            skip));
        }
        return List.copyOf(out);
    }

    @Override
    public Map<String, String> parameters() {
        return store.directory().parameters();
    }

    @Override
    public List<String> damages() {
        List<String> out = new ArrayList<>();
        for (Directory.Type type : store.directory().types()) {
            for (Directory.Field field : type.fields()) {
                columns(type, field).forEach(column -> addDamages(column, out));
            }
            for (Directory.Nodes nodes : type.nodes()) {
                for (int k = 0; k < nodes.levels().size(); k++) {
                    Directory.Level level = nodes.levels().get(k);
                    checked(
                                    type.name() + ", nodes of level " + (k + 1),
                                    level.columns(),
                                    level.count(),
                                    ElementType.F4)
                            .forEach(column -> addDamages(column, out));
                }
            }
        }
        return out;
    }

    private static void addDamages(CheckedColumn column, List<String> out) {
        for (int block = 0; block < column.blocks(); block++) {
            if (!column.isGood(block)) {
                out.add(column.damage(block));
            }
        }
    }

    /** What a request stands for here; null when it has to be read and made. */
    private @Nullable Ready find(LoadRequest request, boolean colorBySize) {
        Directory.Type type = type(request.fileType());
        LoadRequest.More more = request.more();
        if (type == null
                || !more.select().isEmpty()
                || more.region() != null
                || more.velocities()
                || request.ids()) {
            return null;
        }
        Directory.Field position = type.field(store.directory().roles().position());
        Directory.Field size = usable(type, sizeName(type, request), 1, more);
        Directory.Field color =
                colorBySize
                        ? size
                        : usable(
                                type,
                                request.colorField() == null
                                        ? StoreFormat.ONE
                                        : request.colorField(),
                                request.vectorColor() ? 3 : 1,
                                more);
        Directory.Field intensity = usable(type, request.intensityField(), 1, more);
        List<Extra> extras = new ArrayList<>();
        for (String name : more.extras()) {
            Extra extra = extra(type, name, more);
            if (extra == null) {
                return null;
            }
            extras.add(extra);
        }
        boolean all =
                position != null
                        && position.finite()
                        && size != null
                        && size.range().min() > 0
                        && size.name().equals(type.size())
                        && color != null
                        && (intensity != null || request.intensityField() == null);
        return all
                ? new Ready(
                        type,
                        Objects.requireNonNull(position),
                        Objects.requireNonNull(size),
                        intensity,
                        Objects.requireNonNull(color),
                        extras)
                : null;
    }

    /** A field for a float layer, or one value for all particles. */
    private record Extra(Directory.@Nullable Field field, double value) {}

    /** What a layer's name stands for; null when it has to be computed. */
    private @Nullable Extra extra(Directory.Type type, String name, LoadRequest.More more) {
        String role = store.directory().roles().mass();
        Directory.Field field = type.field(name);
        if (field == null && name.equals("mass") && role != null) {
            field = type.field(role);
        }
        String formula = more.derived().getOrDefault(name, "");
        if (field == null) {
            boolean mass = name.equals("mass");
            double value = !mass ? Double.NaN : type.mass() > 0 ? type.mass() : 1;
            return formula.isEmpty() && name.indexOf(',') < 0 ? new Extra(null, value) : null;
        }
        boolean plain = field.element() == ElementType.F4 && field.columns().size() == 1;
        return plain && field.formula().equals(formula) ? new Extra(field, Double.NaN) : null;
    }

    /** The field with the sizes of a request: its own, or those computed for want of it. */
    private static String sizeName(Directory.Type type, LoadRequest request) {
        String name = request.sizeField();
        return request.fixedSize() > 0
                ? StoreFormat.ONE
                : name != null && type.field(name) != null ? name : StoreFormat.COMPUTED_SIZE;
    }

    /** A field that is all finite and what the name stands for in a request. */
    private static Directory.@Nullable Field usable(
            Directory.Type type, @Nullable String name, int components, LoadRequest.More more) {
        Directory.Field field = name == null ? null : type.field(name);
        return field != null
                        && field.finite()
                        && field.element() == ElementType.F4
                        && field.columns().size() == components
                        && more.derived().getOrDefault(field.name(), "").equals(field.formula())
                ? field
                : null;
    }

    /** The fields that a request stands for. */
    private record Ready(
            Directory.Type type,
            Directory.Field position,
            Directory.Field size,
            Directory.@Nullable Field intensity,
            Directory.Field color,
            List<Extra> extras) {}

    @Override
    public boolean isReady(LoadRequest request, boolean colorBySize, Roles roles) {
        return roles.position().equals(store.directory().roles().position())
                && find(request, colorBySize) != null;
    }

    @Override
    public Loaded ready(LoadRequest request, boolean colorBySize, Reporter reporter) {
        Ready found = find(request, colorBySize);
        if (found == null) {
            throw new IllegalStateException("isReady() comes first");
        }
        Directory.Type type = found.type;
        List<CheckedColumn> used = new ArrayList<>(columns(type, found.position));
        used.addAll(columns(type, found.size));
        Directory.Field intensity = found.intensity;
        if (intensity != null) {
            used.addAll(columns(type, intensity));
        }
        used.addAll(columns(type, found.color));
        List<MemorySegment> values = valuesOf(used);
        for (Extra extra : found.extras) {
            Directory.Field field = extra.field;
            if (field == null) {
                float value = (float) extra.value;
                values.add(Arena.ofAuto().allocateFrom(ParticleSet.FLOAT, value));
            } else {
                used.addAll(columns(type, field));
                values.addAll(valuesOf(columns(type, field)));
            }
        }
        ParticleSet set =
                over(
                        type.count(),
                        new ParticleSet.Columns(
                                request.vectorColor(),
                                intensity != null,
                                false,
                                false,
                                found.extras.size()),
                        used,
                        values,
                        type.blocks(),
                        reporter);
        set.setOrigin(type.originX(), type.originY(), type.originZ());
        double sizeScale = request.fixedSize() > 0 ? request.fixedSize() : request.sizeFactor();
        double colorScale = colorBySize ? sizeScale : request.colorFactor();
        set.setScales(sizeScale, colorScale);
        FieldRange one = new FieldRange(1, 1, 1);
        set.setRanges(
                scaled(found.color.range(), colorScale),
                intensity == null ? one : intensity.range());
        set.setDetails(details(found, set, reporter));
        return new Loaded(set, found.size.name().equals(StoreFormat.COMPUTED_SIZE), 0);
    }

    private static List<MemorySegment> valuesOf(List<CheckedColumn> columns) {
        return columns.stream()
                .map(CheckedColumn::values)
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static FieldRange scaled(FieldRange range, double factor) {
        return new FieldRange(
                range.min() * factor, range.max() * factor, range.minPositive() * factor);
    }

    private List<Detail> details(Ready of, ParticleSet set, Reporter reporter) {
        List<Detail> out = new ArrayList<>();
        for (Directory.Nodes nodes : of.type.nodes()) {
            Directory.Light light = nodes.light();
            String intensity = of.intensity == null ? null : of.intensity.name();
            if (light.size().equals(of.size.name())
                    && light.color().equals(of.color.name())
                    && Objects.equals(light.intensity(), intensity)) {
                List<Detail.Level> levels = new ArrayList<>();
                for (Directory.Level level : nodes.levels()) {
                    levels.add(level(of.type, level, set, reporter));
                }
                out.add(new Detail(light.mapping(), levels));
            }
        }
        return out;
    }

    private Detail.Level level(
            Directory.Type type, Directory.Level level, ParticleSet of, Reporter reporter) {
        List<CheckedColumn> columns =
                checked(type.name() + ", nodes", level.columns(), level.count(), ElementType.F4);
        ParticleSet nodes =
                over(
                        level.count(),
                        Detail.COLUMNS,
                        columns,
                        valuesOf(columns),
                        level.blocks(),
                        reporter);
        nodes.setOrigin(of.originX(), of.originY(), of.originZ());
        nodes.setScales(of.sizeScale(), 1);
        return new Detail.Level(nodes, floats(level.sides(), Detail.groups(level.count())));
    }

    private ParticleSet over(
            long count,
            ParticleSet.Columns kinds,
            List<CheckedColumn> checked,
            List<MemorySegment> values,
            Directory.Section blocks,
            Reporter reporter) {
        ParticleSet set = ParticleSet.over(count, kinds, values, null);
        set.setBlocks(Blocks.of(count, floats(blocks, Blocks.VALUES * StoreFile.blocks(count))));
        set.setGate(block -> admit(checked, block, reporter));
        return set;
    }

    private boolean admit(List<CheckedColumn> all, int block, Reporter reporter) {
        try {
            boolean good = true;
            for (CheckedColumn column : all) {
                boolean before = column.isDamaged();
                boolean ofColumn = column.admit(block);
                if (!ofColumn && !before) {
                    reporter.warn(
                            path()
                                    + ": "
                                    + column.damage(block)
                                    + "; it is left out, and so are others like it");
                }
                good &= ofColumn;
            }
            return good;
        } catch (InputException e) {
            throw new RenderException(String.valueOf(e.getMessage()), e);
        }
    }

    private float[] floats(Directory.Section section, long n) {
        float[] out = new float[Math.toIntExact(n)];
        MemorySegment.copy(store.place(section, 4 * n), FLOAT, 0, out, 0, out.length);
        return out;
    }
}
