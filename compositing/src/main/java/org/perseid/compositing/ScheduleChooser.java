package org.perseid.compositing;

import java.util.List;
import java.util.function.Function;
import org.perseid.renderer.model.Peers.Fold;

/**
 * Chooses the schedule by what it {@linkplain Costs costs}. Pictures of which little is lit are
 * another case than full ones. All ranks choose the same.
 */
final class ScheduleChooser {
    /** Above this part of lit elements, over all ranks, a picture is full. */
    private static final double FULL = 0.4;

    /** In the order in which they are tried: radix was nowhere much slower than the best. */
    private static final List<Schedule> CANDIDATES =
            List.of(Schedule.RADIX, Schedule.DIRECT, Schedule.SWAP);

    /** Elements of a strip that are looked at to estimate the part that is lit. */
    private static final int SAMPLES = 512;

    private final Group group;
    private final Costs<Schedule> ofFullSums = new Costs<>(CANDIDATES);
    private final Costs<Schedule> ofSparseSums = new Costs<>(CANDIDATES);
    private final Costs<Schedule> ofLayers = new Costs<>(CANDIDATES);

    ScheduleChooser(Group group) {
        this.group = group;
    }

    /**
     * Runs the work with a schedule and remembers how long it took the slowest rank.
     *
     * @param over whether pictures are laid over each other
     * @param planes whose zeros say how full the picture is
     */
    <T> T run(boolean over, Planes planes, Function<Schedule, T> work) {
        Costs<Schedule> costs = over ? ofLayers : lit(planes) > FULL ? ofFullSums : ofSparseSums;
        Schedule schedule = costs.choose();
        long start = System.nanoTime();
        T result = work.apply(schedule);
        double[] time = {(System.nanoTime() - start) / (double) planes.length()};
        group.fold(Fold.GREATEST, time);
        costs.note(schedule, time[0]);
        return result;
    }

    /** Part of the elements that are lit, over all ranks. */
    private double lit(Planes planes) {
        long stride = Math.max(1, planes.length() / SAMPLES);
        double[] counts = new double[2];
        for (long i = 0; i < planes.length(); i += stride) {
            counts[0] += planes.isZero(i, i + 1) ? 0 : 1;
            counts[1]++;
        }
        group.fold(Fold.SUM, counts);
        return counts[0] / counts[1];
    }
}
