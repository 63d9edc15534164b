package org.perseid.app;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.io.Nearest;
import org.perseid.io.par.RenderJob;
import org.perseid.io.par.TypeParameters;
import org.perseid.io.snapshot.ElementType;
import org.perseid.io.snapshot.FieldInfo;
import org.perseid.io.snapshot.LoadRequest;
import org.perseid.io.snapshot.Snapshot;
import org.perseid.io.snapshot.SnapshotInfo;
import org.perseid.io.store.StoreFormat;
import org.perseid.io.store.StoreWriter.FieldSpec;
import org.perseid.io.store.StoreWriter.TypeSpec;
import org.perseid.renderer.model.ParticleSet;

/**
 * What a store gets of a particle type.
 *
 * @param request reads it, without factors, selection and region
 * @param sizeMissing whether sizes have to be computed
 * @param fields the first is the position
 * @param columns of each field the columns of a set that the request reads, in the order of {@link
 *     ParticleSet#floatColumns}; -1 for the ids
 */
record StoreType(
        LoadRequest request,
        boolean sizeMissing,
        String sizeField,
        List<FieldSpec> fields,
        List<List<Integer>> columns) {
    private static final int IDS = -1;

    /** The types of a job, each once, in ascending order. */
    static List<StoreType> of(RenderJob job, Snapshot snapshot, Wanted wanted) {
        requireKnown(job, snapshot.info(), wanted);
        return job.types().stream()
                .map(type -> type.request().fileType())
                .distinct()
                .sorted()
                .map(type -> of(type, job, snapshot, wanted))
                .toList();
    }

    private static void requireKnown(RenderJob job, SnapshotInfo info, Wanted wanted) {
        Set<String> known = new LinkedHashSet<>(Set.of("all", "velocity", "id", "mass"));
        info.fields().forEach(field -> known.add(field.name()));
        job.types().forEach(type -> known.addAll(type.request().more().derived().keySet()));
        for (String name : wanted.names()) {
            if (!known.contains(name)) {
                throw new InputException(
                        "--fields: there is no field '"
                                + name
                                + "'"
                                + Nearest.to(name, known)
                                        .map(n -> "; did you mean " + n + "?")
                                        .orElse("")
                                + "; there are: "
                                + String.join(", ", known));
            }
        }
    }

    /**
     * Which fields a store gets beside those that are shown.
     *
     * @param all every one
     * @param names these
     */
    record Wanted(boolean all, Set<String> names) {
        boolean has(@Nullable String name) {
            return name != null && (all || names.contains(name));
        }

        /** And those that are measured. */
        private Wanted and(List<String> measured) {
            Set<String> both = new LinkedHashSet<>(names);
            both.addAll(measured);
            return new Wanted(all, both);
        }
    }

    private static StoreType of(int fileType, RenderJob job, Snapshot snapshot, Wanted more) {
        SnapshotInfo info = snapshot.info();
        List<TypeParameters> shown =
                job.types().stream().filter(t -> t.request().fileType() == fileType).toList();
        LoadRequest first = shown.getFirst().request();
        Wanted wanted =
                more.and(
                        first.more().extras().stream()
                                .filter(field -> snapshot.has(field, first))
                                .toList());
        boolean velocities = wanted.has(info.roles().velocity()) || wanted.has("velocity");
        boolean ids = wanted.has(info.roles().id()) || wanted.has("id");
        Set<String> extras = new LinkedHashSet<>();
        for (TypeParameters other : shown.subList(1, shown.size())) {
            LoadRequest request = other.request();
            add(request.sizeField(), extras);
            add(request.vectorColor() ? null : request.colorField(), extras);
            add(request.intensityField(), extras);
        }
        for (FieldInfo field : info.fields()) {
            if (field.types().contains(fileType)
                    && field.components() == 1
                    && wanted.has(field.name())) {
                extras.add(field.name());
            }
        }
        String mass = info.roles().mass();
        if (wanted.names().contains("mass") && mass != null && info.field(mass, fileType) != null) {
            extras.add(mass);
        }
        wanted.names().stream().filter(first.more().derived()::containsKey).forEach(extras::add);
        extras.remove(info.roles().id());
        extras.remove(first.sizeField());
        extras.remove(first.intensityField());
        if (!first.vectorColor()) {
            extras.remove(first.colorField());
        }
        LoadRequest request =
                new LoadRequest(
                        fileType,
                        first.fixedSize() > 0 ? 1 : 0,
                        first.sizeField(),
                        1,
                        first.colorField(),
                        first.vectorColor(),
                        1,
                        first.intensityField(),
                        ids,
                        first.present(),
                        new LoadRequest.More(
                                velocities, List.copyOf(extras), first.more().derived(), "", null));
        return new Builder(info, request, snapshot.sizeMissing(request), job).build();
    }

    private static void add(@Nullable String name, Set<String> to) {
        if (name != null) {
            to.add(name);
        }
    }

    /** Puts names to the columns of a request. */
    private static final class Builder {
        private final SnapshotInfo info;
        private final LoadRequest request;
        private final boolean sizeMissing;
        private final RenderJob job;
        private final List<FieldSpec> fields = new ArrayList<>();
        private final List<List<Integer>> columns = new ArrayList<>();
        private int next;

        Builder(SnapshotInfo info, LoadRequest request, boolean sizeMissing, RenderJob job) {
            this.info = info;
            this.request = request;
            this.sizeMissing = sizeMissing;
            this.job = job;
        }

        StoreType build() {
            String size =
                    request.fixedSize() > 0
                            ? StoreFormat.ONE
                            : sizeMissing || request.sizeField() == null
                                    ? StoreFormat.COMPUTED_SIZE
                                    : request.sizeField();
            add(info.roles().position(), 3);
            add(size, 1);
            String intensity = request.intensityField();
            if (intensity != null) {
                add(intensity, 1);
            }
            String color = request.colorField();
            add(color == null ? StoreFormat.ONE : color, request.vectorColor() ? 3 : 1);
            if (request.more().velocities()) {
                String velocity = info.roles().velocity();
                add(velocity == null ? "velocity" : velocity, 3);
            }
            request.more().extras().forEach(name -> add(name, 1));
            String id = info.roles().id();
            if (request.ids()) {
                fields.add(new FieldSpec(id == null ? "id" : id, ElementType.U8, 1, "", "", ""));
                columns.add(List.of(IDS));
            }
            return new StoreType(
                    request, sizeMissing, size, List.copyOf(fields), List.copyOf(columns));
        }

        /** A field of the next columns, unless there is one of that name. */
        private void add(String name, int components) {
            List<Integer> of = new ArrayList<>();
            for (int c = 0; c < components; c++) {
                of.add(next++);
            }
            if (fields.stream().noneMatch(f -> f.name().equals(name))) {
                FieldInfo known = info.field(name, request.fileType());
                fields.add(
                        new FieldSpec(
                                name,
                                ElementType.F4,
                                components,
                                known == null ? "" : known.unit(),
                                known == null ? description(name) : known.description(),
                                request.more().derived().getOrDefault(name, "")));
                columns.add(List.copyOf(of));
            }
        }

        private String description(String name) {
            return name.equals(StoreFormat.COMPUTED_SIZE)
                    ? "smoothing length of " + job.neighbours() + " neighbours"
                    : "";
        }
    }

    /** Which columns a set has that the request reads. */
    ParticleSet.Columns setColumns() {
        return new ParticleSet.Columns(
                request.vectorColor(),
                request.intensityField() != null,
                request.ids(),
                request.more().velocities(),
                request.more().extras().size());
    }

    /** The columns of a set in the order of the fields and their components. */
    List<MemorySegment> ordered(ParticleSet set) {
        List<MemorySegment> floats = set.floatColumns();
        return columns.stream()
                .flatMap(List::stream)
                .map(c -> c == IDS ? set.ids() : floats.get(c))
                .toList();
    }

    /** The type as it is written. */
    TypeSpec spec(SnapshotInfo info, long count, double[] origin) {
        int type = request.fileType();
        return new TypeSpec(
                type,
                info.typeName(type),
                count,
                info.typeMass(type),
                origin[0],
                origin[1],
                origin[2],
                sizeField,
                fields);
    }

    /** Bytes of a particle in the store, without nodes. */
    int bytes() {
        return fields.stream().mapToInt(f -> f.element().bytes() * f.components()).sum();
    }

    /** What is stored, for people. */
    String describe() {
        return String.join(", ", fields.stream().map(FieldSpec::name).toList());
    }
}
