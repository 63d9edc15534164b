package org.perseid.io.demo;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** A ball of gas as a Gadget HDF5 snapshot, for rehearsals of what reads such files. */
public final class DemoHdf5 {
    private static final double BOX = 100;

    private DemoHdf5() {}

    /**
     * Writes the snapshot.
     *
     * @param particles so many that three columns fit the Java heap
     */
    public static void write(Path file, int particles, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] places = new float[particles][3];
        float[] sizes = new float[particles];
        float[] densities = new float[particles];
        float[] masses = new float[particles];
        long[] ids = new long[particles];
        Arrays.fill(masses, 1f / particles);
        for (int i = 0; i < particles; i++) {
            for (int axis = 0; axis < 3; axis++) {
                places[i][axis] = (float) (BOX / 2 + random.nextGaussian() * BOX / 10);
            }
            sizes[i] = (float) random.nextDouble(0.1, 3);
            densities[i] = masses[i] / (sizes[i] * sizes[i] * sizes[i]);
            ids[i] = i + 1L;
        }
        int[] counts = {particles, 0, 0, 0, 0, 0};
        try (WritableHdfFile hdf5 = HdfFile.write(file)) {
            WritableGroup header = hdf5.putGroup("Header");
            header.putAttribute("NumFilesPerSnapshot", 1);
            header.putAttribute("NumPart_ThisFile", counts);
            header.putAttribute("NumPart_Total", counts);
            header.putAttribute("MassTable", new double[counts.length]);
            header.putAttribute("BoxSize", BOX);
            header.putAttribute("Time", 1.0);
            header.putAttribute("Redshift", 0.0);
            WritableGroup gas = hdf5.putGroup("PartType0");
            gas.putDataset("Coordinates", places);
            gas.putDataset("SmoothingLength", sizes);
            gas.putDataset("Density", densities);
            gas.putDataset("Masses", masses);
            gas.putDataset("ParticleIDs", ids);
        }
    }
}
