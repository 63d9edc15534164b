package org.perseid.io.snapshot;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to read for one displayed type. A field is a name of the file, a derived field, or several
 * names with commas between them, which make a vector.
 *
 * @param fileType particle type in the file
 * @param fixedSize smoothing length of every particle; 0 to read it
 * @param sizeField field with the smoothing length; null to have it computed by the caller
 * @param sizeFactor factor on what the field holds
 * @param colorField field with the colour; null for 1
 * @param vectorColor the colour field has three components, each a colour
 * @param colorFactor factor on what the field holds
 * @param intensityField field with the intensity; null for 1
 * @param ids whether the ids are read
 * @param present for fields whose types the file does not tell: bit t is set when type t is in it
 * @param more what only some pictures need
 */
public record LoadRequest(
        int fileType,
        double fixedSize,
        @Nullable String sizeField,
        double sizeFactor,
        @Nullable String colorField,
        boolean vectorColor,
        double colorFactor,
        @Nullable String intensityField,
        boolean ids,
        Map<String, Integer> present,
        More more) {

    /**
     * What only some pictures need.
     *
     * @param velocities whether velocities are read
     * @param extras fields that are read beside the picture's own, for float layers
     * @param derived formulas of derived fields, by name
     * @param select a condition that the particles fulfil; empty for all
     * @param region where they are; null for everywhere
     */
    public record More(
            boolean velocities,
            List<String> extras,
            Map<String, String> derived,
            String select,
            @Nullable Region region) {
        /** Nothing of it. */
        public static final More NONE = new More(false, List.of(), Map.of(), "", null);
    }

    /** A request without what only some pictures need. */
    public LoadRequest(
            int fileType,
            double fixedSize,
            @Nullable String sizeField,
            double sizeFactor,
            @Nullable String colorField,
            boolean vectorColor,
            double colorFactor,
            @Nullable String intensityField,
            boolean ids,
            Map<String, Integer> present) {
        this(
                fileType,
                fixedSize,
                sizeField,
                sizeFactor,
                colorField,
                vectorColor,
                colorFactor,
                intensityField,
                ids,
                present,
                More.NONE);
    }

    /** Only positions: everything else is 1. */
    public static LoadRequest positions(int fileType) {
        return new LoadRequest(fileType, 1, null, 1, null, false, 1, null, false, Map.of());
    }
}
