package org.perseid.io.demo;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws particles of a web in a periodic box round the origin, in kpc: haloes at random nodes,
 * filaments from each node to its nearest ones, and a thin rest in between. The first node is the
 * origin, where the galaxy is.
 */
final class CosmicWeb {
    private static final int NODES = 60;
    private static final int LINKS = 3;
    private static final double HALO_PART = 0.35;
    private static final double FILAMENT_PART = 0.55;
    private static final double HALO_SCALE = 2.5;
    private static final double HALO_EDGE = 25;

    private final double box;
    private final double[][] nodes = new double[NODES][3];
    private final int[][] links = new int[NODES * LINKS][2];
    private final double[] lengths = new double[NODES * LINKS];
    private final double totalLength;

    CosmicWeb(SplittableRandom random, double box) {
        this.box = box;
        for (int i = 1; i < NODES; i++) {
            for (int c = 0; c < 3; c++) {
                nodes[i][c] = (random.nextDouble() - 0.5) * box;
            }
        }
        for (int i = 0; i < NODES; i++) {
            int from = i;
            int[] nearest =
                    IntStream.range(0, NODES)
                            .filter(j -> j != from)
                            .boxed()
                            .sorted(Comparator.comparingDouble(j -> distance(from, j)))
                            .mapToInt(Integer::intValue)
                            .limit(LINKS)
                            .toArray();
            for (int k = 0; k < LINKS; k++) {
                links[i * LINKS + k] = new int[] {i, nearest[k]};
                lengths[i * LINKS + k] = distance(i, nearest[k]);
            }
        }
        totalLength = Arrays.stream(lengths).sum();
    }

    private double distance(int i, int j) {
        double squared = 0;
        for (int c = 0; c < 3; c++) {
            double d = nearestImage(nodes[j][c] - nodes[i][c]);
            squared += d * d;
        }
        return Math.sqrt(squared);
    }

    private double nearestImage(double d) {
        return d - box * Math.rint(d / box);
    }

    /** One of n particles. */
    void particle(SplittableRandom random, long n, Galaxy.Sample s) {
        double kind = random.nextDouble();
        double number;
        if (kind < HALO_PART) {
            number = halo(random, n, s);
        } else if (kind < HALO_PART + FILAMENT_PART) {
            number = filament(random, n, s);
        } else {
            s.x = (random.nextDouble() - 0.5) * box;
            s.y = (random.nextDouble() - 0.5) * box;
            s.z = (random.nextDouble() - 0.5) * box;
            number = 0;
        }
        number += n * (1 - HALO_PART - FILAMENT_PART) / (box * box * box);
        s.vx = 60 * random.nextGaussian();
        s.vy = 60 * random.nextGaussian();
        s.vz = 60 * random.nextGaussian();
        s.smoothingLength = Galaxy.lengthAt(number);
        s.density = 32 / (s.smoothingLength * s.smoothingLength * s.smoothingLength);
    }

    private double halo(SplittableRandom random, long n, Galaxy.Sample s) {
        int node = random.nextInt(1, NODES);
        double scale = HALO_SCALE * (0.5 + (double) node / NODES);
        double radius;
        do {
            double root = Math.sqrt(random.nextDouble());
            radius = scale * root / (1 - root);
        } while (!(radius < HALO_EDGE));
        Galaxy.onSphere(random, radius, s);
        s.x += nodes[node][0];
        s.y += nodes[node][1];
        s.z += nodes[node][2];
        double a = Math.max(radius, 0.05 * scale);
        return n * HALO_PART / NODES * scale / (2 * Math.PI * a * Math.pow(a + scale, 3));
    }

    private double filament(SplittableRandom random, long n, Galaxy.Sample s) {
        double along = random.nextDouble() * totalLength;
        int k = 0;
        while (k < lengths.length - 1 && along > lengths[k]) {
            along -= lengths[k++];
        }
        double[] from = nodes[links[k][0]];
        double[] to = nodes[links[k][1]];
        double t = along / lengths[k];
        double width = 0.6 + 1.6 * 4 * t * (1 - t);
        double ox = width * random.nextGaussian();
        double oy = width * random.nextGaussian();
        double oz = width * random.nextGaussian();
        double bend = Math.sin(Math.PI * t) * 0.12 * lengths[k];
        s.x = from[0] + t * nearestImage(to[0] - from[0]) + ox + bend * Math.cos(k);
        s.y = from[1] + t * nearestImage(to[1] - from[1]) + oy + bend * Math.sin(k);
        s.z = from[2] + t * nearestImage(to[2] - from[2]) + oz;
        double across = Math.exp(-0.5 * (ox * ox + oy * oy + oz * oz) * 2 / 3 / (width * width));
        return n * FILAMENT_PART / totalLength * across / (2 * Math.PI * width * width);
    }
}
