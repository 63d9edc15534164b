package org.perseid.io.par;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is drawn over a picture.
 *
 * @param legend colour bars with ticks, title and unit
 * @param titles title of each type's bar; empty for the field's name
 * @param units unit of each type's bar; empty for the field's
 * @param scaleBar a line of a round length at the target's distance
 * @param stamp what stands in the upper right corner
 * @param text in the upper left corner; empty for none
 * @param logo a PNG; null for none
 * @param sizePx height of letters; 0 for a size that suits the picture
 */
public record Annotations(
        boolean legend,
        List<String> titles,
        List<String> units,
        boolean scaleBar,
        Stamp stamp,
        String text,
        @Nullable Path logo,
        int sizePx) {

    /** What a picture is stamped with. */
    public enum Stamp {
        NONE,
        TIME,
        REDSHIFT,
        SCALE_FACTOR
    }

    /** Whether nothing is drawn. */
    public boolean isEmpty() {
        return !legend && !scaleBar && stamp == Stamp.NONE && text.isEmpty() && logo == null;
    }

    /** What the keys of a table say. */
    static Annotations read(ParameterTable table, int types) {
        List<String> titles = new java.util.ArrayList<>();
        List<String> units = new java.util.ArrayList<>();
        for (int n = 0; n < types; n++) {
            titles.add(table.text("color_title" + n));
            units.add(table.text("color_unit" + n));
        }
        String logo = table.pathText("logo");
        return new Annotations(
                table.bool("legend"),
                List.copyOf(titles),
                List.copyOf(units),
                table.bool("scale_bar"),
                stamp(table),
                table.text("text"),
                logo.isEmpty() ? null : table.folder().resolve(logo),
                table.integer("text_size", 0, 1000));
    }

    private static Stamp stamp(ParameterTable table) {
        String name = table.text("timestamp");
        for (Stamp stamp : Stamp.values()) {
            if (stamp.name().equalsIgnoreCase(name)) {
                return stamp;
            }
        }
        table.error("timestamp", "is '" + name + "'; must be none, time, redshift or scale_factor");
        return Stamp.NONE;
    }
}
