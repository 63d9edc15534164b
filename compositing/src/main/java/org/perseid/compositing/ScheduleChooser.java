package org.perseid.compositing;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.perseid.renderer.model.Peers.Fold;

/**
 * Chooses the schedule by what it costs: the first picture is done as experience says, the next
 * ones try the others once, then the quickest goes on, and is measured with every picture. Pictures
 * of which little is lit are another case than full ones. All ranks choose the same.
 */
final class ScheduleChooser {
    /** Above this part of lit elements, over all ranks, a picture is full. */
    private static final double FULL = 0.4;

    /** In the order in which they are tried: radix was nowhere much slower than the best. */
    private static final List<Schedule> CANDIDATES =
            List.of(Schedule.RADIX, Schedule.DIRECT, Schedule.SWAP);

    /** Elements that are looked at to estimate the part that is lit. */
    private static final int SAMPLES = 4096;

    private final Group group;
    private final Costs ofFullSums = new Costs();
    private final Costs ofSparseSums = new Costs();
    private final Costs ofLayers = new Costs();

    ScheduleChooser(Group group) {
        this.group = group;
    }

    /** What the candidates for a kind of picture took, in nanoseconds an element. */
    private static final class Costs {
        private final Map<Schedule, Double> known = new EnumMap<>(Schedule.class);

        Schedule choose() {
            Schedule best = CANDIDATES.getFirst();
            for (Schedule candidate : CANDIDATES) {
                if (!known.containsKey(candidate)) {
                    return candidate;
                }
                if (known.getOrDefault(candidate, 0.0) < known.getOrDefault(best, 0.0)) {
                    best = candidate;
                }
            }
            return best;
        }

        void note(Schedule schedule, double cost) {
            double _ = known.merge(schedule, cost, (old, now) -> 0.5 * (old + now));
        }
    }

    /**
     * Runs the work with a schedule and remembers how long it took the slowest rank.
     *
     * @param over whether pictures are laid over each other
     * @param planes whose zeros say how full the picture is
     */
    void run(boolean over, List<float[]> planes, Consumer<Schedule> work) {
        Costs costs = over ? ofLayers : lit(planes) > FULL ? ofFullSums : ofSparseSums;
        Schedule schedule = costs.choose();
        long start = System.nanoTime();
        work.accept(schedule);
        double[] time = {(System.nanoTime() - start) / (double) planes.getFirst().length};
        group.fold(Fold.GREATEST, time);
        costs.note(schedule, time[0]);
    }

    /** Part of the elements that are lit, over all ranks. */
    private double lit(List<float[]> planes) {
        float[] plane = planes.getFirst();
        int stride = Math.max(1, plane.length / SAMPLES);
        double[] counts = new double[2];
        for (int i = 0; i < plane.length; i += stride) {
            counts[0] += plane[i] == 0f ? 0 : 1;
            counts[1]++;
        }
        group.fold(Fold.SUM, counts);
        return counts[0] / counts[1];
    }
}
