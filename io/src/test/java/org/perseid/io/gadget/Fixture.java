package org.perseid.io.gadget;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.perseid.io.gadget.GadgetWriter.BlockSpec;

/**
 * Small Gadget snapshots whose values can be computed: block value = code + row * 3 + component.
 */
public final class Fixture {
    /** Format 1 or 2. */
    public int format = 2;

    public ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    public GadgetWriter.Type real = GadgetWriter.Type.FLOAT;
    public GadgetWriter.Type id = GadgetWriter.Type.UINT;
    public long idOffset;
    public boolean info;
    public long[] counts = {5, 3, 0, 0, 4, 0};
    public long[] totals = {5, 3, 0, 0, 4, 0};
    public int files = 1;
    public double box = 100;
    public boolean sizes = true;

    /** Writes the snapshot. */
    public Path write(Path file) {
        List<BlockSpec> blocks =
                new ArrayList<>(
                        List.of(
                                new BlockSpec("POS", real, 3, 0b010011),
                                new BlockSpec("VEL", real, 3, 0b010011),
                                new BlockSpec("ID", id, 1, 0b010011),
                                new BlockSpec("MASS", real, 1, 0b010010)));
        if (counts[0] > 0) {
            blocks.add(new BlockSpec("U", real, 1, 1));
            blocks.add(new BlockSpec("RHO", real, 1, 1));
            if (sizes) {
                blocks.add(new BlockSpec("HSML", real, 1, 1));
            }
        }
        if (format == 2) {
            blocks.add(new BlockSpec("AGE", real, 1, 0b010000));
        }
        double[] masses = {0.5, 0, 0, 0, 0, 0};
        try (GadgetWriter writer =
                new GadgetWriter(
                        file,
                        new GadgetWriter.Layout(
                                format, order, info, counts, totals, masses, files, box, 0.5, 1,
                                blocks))) {
            for (BlockSpec block : blocks) {
                fill(writer, block);
            }
            writer.finish();
        }
        return file;
    }

    private void fill(GadgetWriter writer, BlockSpec block) {
        long rows = 0;
        for (int t = 0; t < 6; t++) {
            rows += (block.types() >> t & 1) == 1 ? counts[t] : 0;
        }
        for (long row = 0; row < rows; row++) {
            if (block.name().equals("ID")) {
                writer.putId("ID", row, idOffset + (long) value("ID", row, 0));
                continue;
            }
            for (int c = 0; c < block.components(); c++) {
                writer.put(block.name(), row, c, value(block.name(), row, c));
            }
        }
    }

    /** What a block holds. */
    public static double value(String block, long row, int component) {
        return switch (block) {
            case "POS" -> 1 + row * 3 + component * 0.25;
            case "VEL" -> -5 + row + component;
            case "ID" -> 100 + row;
            default -> block.charAt(0) + row * 0.5;
        };
    }

    /** Replaces bytes of a file. */
    public static Path patch(Path file, long at, byte... bytes) throws IOException {
        byte[] all = Files.readAllBytes(file);
        System.arraycopy(bytes, 0, all, (int) at, bytes.length);
        Files.write(file, all);
        return file;
    }

    /** Shortens a file. */
    public static Path truncate(Path file, int length) throws IOException {
        byte[] all = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(all, length));
        return file;
    }
}
