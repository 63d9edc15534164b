package org.perseid.compositing;

import java.util.ArrayList;
import java.util.List;

/**
 * Which of some ways to do the same is the quickest: each is tried once, then the quickest goes on,
 * and now and then the one that has not been tried for the longest time, as code and data change.
 *
 * @param <T> a way
 */
final class Costs<T> {
    /** After so many choices one of the others is tried again. */
    private static final int AGAIN = 32;

    /** A cost that is older, in choices, is forgotten when there is a new one. */
    private static final int OLD = 8;

    private final List<Way<T>> ways = new ArrayList<>();
    private int choices;

    private static final class Way<T> {
        private final T way;
        private double cost;

        /** The choice that its cost is of; 0 for none. */
        private int measured;

        Way(T way) {
            this.way = way;
        }
    }

    /**
     * @param ways in the order in which they are tried
     */
    Costs(List<T> ways) {
        ways.forEach(way -> this.ways.add(new Way<>(way)));
    }

    T choose() {
        choices++;
        Way<T> oldest = ways.getFirst();
        Way<T> best = ways.getFirst();
        for (Way<T> way : ways) {
            oldest = way.measured < oldest.measured ? way : oldest;
            best = way.cost < best.cost ? way : best;
        }
        return oldest.measured == 0 || choices % AGAIN == 0 ? oldest.way : best.way;
    }

    /**
     * Remembers what the way that was chosen last has cost.
     *
     * @param cost on all ranks the same
     */
    void note(T chosen, double cost) {
        for (Way<T> way : ways) {
            if (way.way.equals(chosen)) {
                boolean fresh = way.measured > 0 && choices - way.measured <= OLD;
                way.cost = fresh ? 0.5 * (way.cost + cost) : cost;
                way.measured = choices;
            }
        }
    }
}
