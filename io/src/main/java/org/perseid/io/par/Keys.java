package org.perseid.io.par;

import static org.perseid.io.par.KeySpec.Kind.BOOLEAN;
import static org.perseid.io.par.KeySpec.Kind.INTEGER;
import static org.perseid.io.par.KeySpec.Kind.REAL;
import static org.perseid.io.par.KeySpec.Kind.TEXT;
import static org.perseid.io.par.KeySpec.Support.LATER;
import static org.perseid.io.par.KeySpec.Support.NO_EFFECT;
import static org.perseid.io.par.KeySpec.Support.USED;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.perseid.io.par.KeySpec.Kind;
import org.perseid.io.par.KeySpec.Support;

/**
 * All keys that a Splotch 6 parameter file may hold, and Perseid's own. Names, types and defaults
 * are Splotch's.
 */
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

    private Keys() {}

    static {
        general();
        camera();
        picture();
        animation();
        types();
        readers();
        machines();
    }

    private static void general() {
        global(
                USED,
                "simtype",
                INTEGER,
                "",
                "reader; left out: recognised by content. 2 is Gadget-2 binary");
        global(USED, "infile", TEXT, "", "snapshot file or prefix, relative to the parameter file");
        global(
                USED,
                "outfile",
                TEXT,
                "",
                "prefix of the picture; frame number and extension follow");
        global(USED, "ptypes", INTEGER, "1", "number of displayed particle types");
        global(USED, "datadir", TEXT, "", "folder of the snapshots");
        global(USED, "snapdir", TEXT, "", "prefix of a folder by snapshot number");
        global(USED, "fidx", REAL, "0", "number of the snapshot");
        global(USED, "snapshot_spacing", INTEGER, "1", "spacing of snapshot numbers");
        global(USED, "print_logfile", BOOLEAN, "true", "write all parameters to FRAME.log");
        global(USED, "bbox", BOOLEAN, "false", "print the bounding box");
        global(
                USED,
                "neighbours",
                INTEGER,
                "32",
                "neighbours that give a missing smoothing length");
        global(
                USED,
                "block_order",
                TEXT,
                "",
                "names of the blocks of a Gadget format 1 file, in order");
        global(LATER, "rth", REAL, "0", "histogram of projected radii");
        global(
                LATER,
                "AnalyzeSimulationOnly",
                BOOLEAN,
                "false",
                "use ./perseid info and ./perseid init instead");
        global(LATER, "geometry_file", TEXT, "", "is the old name of scene_file, see there");
        global(NO_EFFECT, "background", BOOLEAN, "false", "");
    }

    private static void camera() {
        for (String axis : List.of("x", "y", "z")) {
            global(USED, "camera_" + axis, REAL, "", "position of the eye");
            global(USED, "lookat_" + axis, REAL, "", "target");
            global(USED, "sky_" + axis, REAL, axis.equals("z") ? "1" : "0", "direction that is up");
            global(
                    USED,
                    "center_" + axis,
                    REAL,
                    "",
                    "reference point of the image plane, the eye if left out");
        }
        global(USED, "fov", REAL, "45", "horizontal full angle in degrees");
        global(USED, "projection", BOOLEAN, "true", "perspective; false is orthographic");
        global(USED, "zmin", REAL, "0", "smallest depth");
        global(USED, "zmax", REAL, "1e23", "largest depth");
        global(USED, "periodic", BOOLEAN, "true", "use the nearest periodic copy of each particle");
        global(LATER, "dome", BOOLEAN, "false", "180 degree fisheye");
        global(LATER, "new_renderer", BOOLEAN, "false", "Splotch's second renderer");
        global(USED, "panorama", BOOLEAN, "false", "six faces of a cube, prefixes 1_ to 6_");
        global(
                USED,
                "EyeSeparation",
                REAL,
                "0",
                "angle between the eyes of a stereo pair in degrees");
    }

    private static void picture() {
        global(USED, "xres", INTEGER, "800", "width in pixels");
        global(USED, "yres", INTEGER, "", "height in pixels, xres if left out");
        global(
                USED,
                "pictype",
                INTEGER,
                "",
                "0 TGA, 2 PPM, 3 TGA with run lengths; PNG if left out");
        global(
                USED,
                "flip_y",
                BOOLEAN,
                "false",
                "sky direction up in the picture; Splotch has it down");
        global(USED, "minrad_pix", REAL, "1", "soft minimum of the splat radius in pixels");
        global(
                USED,
                "a_eq_e",
                BOOLEAN,
                "true",
                "absorption equals emission: order does not matter");
        global(USED, "gray_absorption", REAL, "0.2", "grey absorption when a_eq_e=false");
        global(
                USED,
                "sort_type",
                INTEGER,
                "1",
                "0 none, 1 far to near, 2 red falling, 3 red rising, 4 radius falling");
        global(USED, "colorbar", BOOLEAN, "false", "strips of the palettes at the bottom");
        global(USED, "pic_gamma", REAL, "1", "exponent after the exposure");
        global(USED, "pic_contrast", REAL, "1", "factor after the exposure");
        global(USED, "pic_brightness", REAL, "0", "summand after the exposure");
        global(
                USED,
                "tile_size_cpu",
                INTEGER,
                "64",
                "side of a tile in pixels; no effect on the picture");
        global(LATER, "boost", BOOLEAN, "false", "level-of-detail subsampling");
        global(NO_EFFECT, "quality_factor", REAL, "1", "");
    }

    private static void animation() {
        global(
                USED,
                "scene_file",
                TEXT,
                "",
                "parameters by frame: a line of names, then a line a frame");
        global(USED, "scene_start", INTEGER, "0", "first frame of the scene file that is drawn");
        global(USED, "scene_incr", INTEGER, "1", "every which frame is drawn");
        global(USED, "last_scene", INTEGER, "1000000", "first frame that is no longer drawn");
        global(LATER, "interpolation_mode", INTEGER, "0", "interpolation between snapshots");
        global(NO_EFFECT, "snapshot_base1", INTEGER, "", "");
        global(NO_EFFECT, "snapshot_base2", INTEGER, "", "");
        global(NO_EFFECT, "frac", REAL, "", "");
        global(NO_EFFECT, "v_unit", REAL, "1e5", "");
        global(NO_EFFECT, "l_unit", REAL, "3.085678e21", "");
        global(NO_EFFECT, "hubble", REAL, "0.7", "");
        global(NO_EFFECT, "omega", REAL, "0.3", "");
        global(NO_EFFECT, "lambda", REAL, "0.7", "");
    }

    private static void types() {
        type(USED, "ptype", INTEGER, "0", "particle type in the file");
        type(
                USED,
                "palette",
                TEXT,
                "",
                "palette file, or viridis, magma, inferno, plasma, cividis, turbo, each with _r");
        type(USED, "color_is_vector", BOOLEAN, "false", "colour has three components, no palette");
        type(USED, "color_log", BOOLEAN, "false", "log10 of the colour field");
        type(USED, "color_asinh", BOOLEAN, "false", "asinh of the colour field");
        type(USED, "color_min", REAL, "", "lower end of the colours, after log or asinh");
        type(USED, "color_max", REAL, "", "upper end of the colours, after log or asinh");
        type(USED, "intensity_log", BOOLEAN, "false", "log10 of the intensity field");
        type(USED, "intensity_min", REAL, "", "lower end of the intensity, after log");
        type(USED, "intensity_max", REAL, "", "upper end of the intensity, after log");
        type(USED, "brightness", REAL, "1", "factor on the light of the type");
        type(USED, "smooth_factor", REAL, "1", "factor on the drawn radius");
        type(USED, "size_fix", REAL, "1", "constant smoothing length; 0 reads size_label");
        type(
                USED,
                "size_label",
                TEXT,
                "XXXX",
                "field with the smoothing length; computed if the file has none");
        type(USED, "size_fac", REAL, "1", "factor on the smoothing length");
        type(
                USED,
                "size_present",
                INTEGER,
                "",
                "bit mask of the types in the size block, for files that do not tell");
        type(
                USED,
                "color_label",
                TEXT,
                "XXXX",
                "field with the colour; smoothing_length: the radius, also a computed one");
        type(USED, "color_fac", REAL, "1", "factor on the colour field");
        type(USED, "color_present", INTEGER, "", "bit mask of the types in the colour block");
        type(USED, "intensity_label", TEXT, "XXXX", "field with the intensity; 1 if left out");
        type(
                USED,
                "intensity_present",
                INTEGER,
                "",
                "bit mask of the types in the intensity block");
    }

    private static void readers() {
        global(USED, "numfiles", INTEGER, "1", "files of a snapshot; the header counts");
        global(NO_EFFECT, "readparallel", INTEGER, "1", "");
        global(NO_EFFECT, "swap_endian", BOOLEAN, "false", "");
        global(NO_EFFECT, "id_label", TEXT, "ID", "");
        for (String name :
                List.of(
                        "num_blocks",
                        "x",
                        "y",
                        "z",
                        "r",
                        "I",
                        "C1",
                        "C2",
                        "C3",
                        "order",
                        "thresh")) {
            global(NO_EFFECT, name, REAL, "", "");
        }
        for (String name :
                List.of(
                        "smooth_factor",
                        "smooth_param",
                        "snapshotID",
                        "tipsy_id_pad",
                        "read_mode")) {
            global(NO_EFFECT, name, REAL, "", "");
        }
        for (String name :
                List.of(
                        "parallel_read_mode",
                        "ramses_scale3d",
                        "sample_factor",
                        "nx",
                        "ny",
                        "nz")) {
            global(NO_EFFECT, name, REAL, "", "");
        }
        for (String name :
                List.of(
                        "levels",
                        "red",
                        "green",
                        "blue",
                        "intensity_factor",
                        "I_force",
                        "cube_begin")) {
            global(NO_EFFECT, name, REAL, "", "");
        }
        for (String name :
                List.of(
                        "cube_end",
                        "bonsai_r_star",
                        "bonsai_I_star",
                        "bonsai_r_dm",
                        "bonsai_I_dm")) {
            global(NO_EFFECT, name, REAL, "", "");
        }
        for (String axis : List.of("x", "y", "z")) {
            global(NO_EFFECT, "leftcorner" + axis, REAL, "", "");
            global(NO_EFFECT, "rightcorner" + axis, REAL, "", "");
        }
        for (String name :
                List.of(
                        "is_compound_data",
                        "print_snapIDs_in_file_ONLY",
                        "hdf5_compound",
                        "sampler")) {
            global(NO_EFFECT, name, BOOLEAN, "", "");
        }
        for (String name : List.of("dataset_name", "snapshot", "hierarchy_file")) {
            global(NO_EFFECT, name, TEXT, "", "");
        }
        for (String name :
                List.of(
                        "color_field",
                        "intensity_field",
                        "intensity_fac",
                        "r_",
                        "I_",
                        "C1_",
                        "C2_",
                        "C3_")) {
            type(NO_EFFECT, name, REAL, "", "");
        }
        for (String name :
                List.of("red", "green", "blue", "intensity", "const_intensity", "intense_factor")) {
            type(NO_EFFECT, name, REAL, "", "");
        }
        type(NO_EFFECT, "active", BOOLEAN, "true", "");
    }

    private static void machines() {
        global(NO_EFFECT, "gpu_info", BOOLEAN, "true", "");
        for (String name :
                List.of("tasks_per_node", "particle_mem_factor", "tile_boundary_width")) {
            global(NO_EFFECT, name, REAL, "", "");
        }
        global(NO_EFFECT, "tile_x-side", REAL, "8", "");
        global(NO_EFFECT, "tile_y-side", REAL, "8", "");
        global(LATER, "server", BOOLEAN, "false", "interactive server");
        for (String name : List.of("move_speed", "rotate_speed", "tjpp_quality")) {
            global(NO_EFFECT, name, REAL, "", "");
        }
        for (String name : List.of("output_dir", "box_units", "constrain_user")) {
            global(NO_EFFECT, name, TEXT, "", "");
        }
    }

    private static void global(
            Support support, String name, Kind kind, String defaultText, String doc) {
        GLOBAL.put(name, new KeySpec(name, kind, defaultText, false, support, doc));
    }

    private static void type(
            Support support, String name, Kind kind, String defaultText, String doc) {
        PER_TYPE.put(name, new KeySpec(name, kind, defaultText, true, support, doc));
    }

    /** The key of that name, its type number left out; null when there is none. */
    static @Nullable KeySpec find(String key) {
        KeySpec global = GLOBAL.get(key);
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
