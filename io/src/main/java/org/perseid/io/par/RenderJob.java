package org.perseid.io.par;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.FrameSettings;
import org.perseid.renderer.model.Shading;

/**
 * All that a parameter file says, typed and checked.
 *
 * @param source where the data is
 * @param between the time between two snapshots; null for one snapshot
 * @param types displayed types
 * @param views pictures of the frame and their cameras
 * @param width pixels
 * @param height pixels
 * @param minRadiusPx soft minimum of the splat size
 * @param periodic whether the box of the snapshot repeats
 * @param shading how light adds up
 * @param tilePx side of a tile
 * @param tone what follows the exposure
 * @param output prefix of the output, relative to the working directory
 * @param format of the picture
 * @param logFile whether FRAME.log is written
 * @param boundingBox whether to print it
 * @param neighbours for missing smoothing lengths
 * @param numbers float layers beside the picture
 * @param annotations drawn over the picture
 * @param periodicCopies copies of a periodic box on each side
 * @param stereoLayout how the pictures of a stereo pair are put together
 * @param table the keys and values themselves
 */
public record RenderJob(
        SnapshotSource source,
        @Nullable Between between,
        List<TypeParameters> types,
        List<View> views,
        int width,
        int height,
        double minRadiusPx,
        boolean periodic,
        Shading shading,
        int tilePx,
        Tone tone,
        String output,
        PictureFormat format,
        boolean logFile,
        boolean boundingBox,
        int neighbours,
        Numbers numbers,
        Annotations annotations,
        int periodicCopies,
        StereoLayout stereoLayout,
        ParameterTable table) {

    /** How the pictures of a stereo pair are put together. */
    public enum StereoLayout {
        FILES,
        SIDE_BY_SIDE,
        TOP_BOTTOM,
        ANAGLYPH
    }

    /**
     * What follows the exposure: contrast * v^gamma + brightness.
     *
     * @param flipY sky direction up
     * @param colorBar whether the palettes are drawn at the bottom
     */
    public record Tone(
            double gamma, double contrast, double brightness, boolean flipY, boolean colorBar) {}

    /**
     * The settings of a frame of data with that box.
     *
     * @param boxSize of the snapshot, 0 for none
     */
    public FrameSettings frame(double boxSize) {
        return new FrameSettings(
                width,
                height,
                minRadiusPx,
                periodic ? boxSize : 0,
                shading,
                tilePx,
                periodicCopies,
                null,
                0);
    }

    /**
     * The parameter file that says the same from any folder: inputs by their absolute names.
     *
     * @param snapshot the file that the data was read from
     */
    public String selfContainedText(Path snapshot) {
        return selfContained(snapshot).toText();
    }

    private ParameterTable selfContained(Path snapshot) {
        ParameterTable copy =
                ParameterTable.parse(table.toText(), "", table.folder(), List.of(), new Problems());
        if (between == null) {
            copy.put("infile", snapshot.toAbsolutePath().normalize().toString());
            clear(copy, "datadir");
            clear(copy, "snapdir");
        } else {
            Path folder = table.folder().resolve(source.dataFolder());
            copy.put("datadir", folder.toAbsolutePath().normalize().toString());
        }
        clear(copy, "scene_file");
        clear(copy, "camera_path");
        Path logo = annotations.logo();
        if (logo != null) {
            copy.put("logo", logo.toAbsolutePath().normalize().toString());
        }
        for (int n = 0; n < types.size(); n++) {
            String key = "palette" + n;
            if (copy.has(key) && Files.isRegularFile(table.folder().resolve(copy.text(key)))) {
                copy.put(
                        key,
                        table.folder()
                                .resolve(copy.text(key))
                                .toAbsolutePath()
                                .normalize()
                                .toString());
            }
        }
        return copy;
    }

    /** Keys of a snapshot's reader and of files, which a store of the snapshot does not need. */
    private static final Set<String> NOT_STORED =
            Set.of(
                    "infile",
                    "outfile",
                    "datadir",
                    "snapdir",
                    "fidx",
                    "numfiles",
                    "simtype",
                    "block_order",
                    "num_blocks",
                    "swap_endian",
                    "skip_damaged");

    /**
     * The parameters that say the same of a store of the snapshot, by key; its name is not there.
     */
    public Map<String, String> storedParameters() {
        ParameterTable copy = selfContained(Path.of("store"));
        Map<String, String> out = new LinkedHashMap<>();
        for (String key : copy.keys()) {
            if (!NOT_STORED.contains(key)) {
                out.put(key, copy.text(key));
            }
        }
        return out;
    }

    private static void clear(ParameterTable table, String key) {
        if (table.has(key)) {
            table.put(key, "");
        }
    }
}
