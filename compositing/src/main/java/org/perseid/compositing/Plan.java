package org.perseid.compositing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What one rank sends, receives and keeps so that in the end every element of the images of all
 * ranks has been brought together at exactly one rank. Only whole numbers; all ranks' plans fit
 * each other. Between steps a rank holds what consecutive ranks have drawn, so that pictures can be
 * laid over each other in the order of the ranks. References: direct send (Hsu 1993), binary swap
 * (Ma et al. 1994), radix-k (Peterka et al. 2009).
 *
 * @param steps one after the other
 * @param result the elements that are complete at this rank in the end; may be none
 */
public record Plan(List<Step> steps, Range result) {
    /** Largest group of a radix step that is not a prime by itself. */
    private static final int RADIX = 4;

    /** Elements first to end-1. */
    public record Range(long first, long end) {
        /** No elements. */
        static final Range NONE = new Range(0, 0);

        /** How many elements. */
        public long length() {
            return end - first;
        }

        /** The same of so many times as many elements. */
        Range times(int factor) {
            return new Range(first * factor, end * factor);
        }

        /** The k-th of n nearly equal parts. */
        Range part(int k, int n) {
            return new Range(first + length() * k / n, first + length() * (k + 1) / n);
        }
    }

    /** Elements that go to or come from another rank. */
    public record Transfer(int rank, Range range) {}

    /**
     * A step; all its transfers may be under way together.
     *
     * @param sends to other ranks
     * @param receives from other ranks, for elements of {@code kept}, by ascending rank
     * @param kept elements that this rank goes on with; none when it is done
     */
    public record Step(List<Transfer> sends, List<Transfer> receives, Range kept) {}

    /**
     * The plan of a rank.
     *
     * @param schedule not {@link Schedule#REDUCE}, which has none
     * @param length elements of an image
     */
    public static Plan of(Schedule schedule, int rank, int size, long length) {
        Range all = new Range(0, length);
        return switch (schedule) {
            case REDUCE -> throw new IllegalArgumentException("MPI plans its reduction itself");
            case DIRECT -> radix(List.of(size), rank, all, Ranks.ALL);
            case RADIX -> radix(factors(size), rank, all, Ranks.ALL);
            case SWAP -> swap(rank, size, all);
        };
    }

    /** The same for elements that are so many times as many. */
    Plan times(int factor) {
        List<Step> out = new ArrayList<>();
        for (Step step : steps) {
            out.add(
                    new Step(
                            times(step.sends, factor),
                            times(step.receives, factor),
                            step.kept.times(factor)));
        }
        return new Plan(List.copyOf(out), result.times(factor));
    }

    private static List<Transfer> times(List<Transfer> transfers, int factor) {
        return transfers.stream().map(t -> new Transfer(t.rank, t.range.times(factor))).toList();
    }

    /**
     * The elements that are complete at a rank in the end, without the rest of its plan.
     *
     * @param schedule not {@link Schedule#REDUCE}
     * @param length elements of an image
     */
    static Range resultOf(Schedule schedule, int rank, int size, long length) {
        List<Integer> factors = List.of(size);
        Ranks ranks = Ranks.ALL;
        if (schedule == Schedule.RADIX) {
            factors = factors(size);
        } else if (schedule == Schedule.SWAP) {
            int power = Integer.highestOneBit(size);
            factors = halvings(power);
            ranks = new Ranks(size - power);
            if (rank < 2 * ranks.doubled && rank % 2 == 1) {
                return Range.NONE;
            }
        }
        Range kept = new Range(0, length);
        int rest = ranks.virtual(rank);
        for (int k : factors) {
            kept = kept.part(rest % k, k);
            rest /= k;
        }
        return kept;
    }

    private static List<Integer> halvings(int power) {
        return Collections.nCopies(Integer.numberOfTrailingZeros(power), 2);
    }

    /** Ranks that take part in a radix plan: the first few are every second one. */
    private record Ranks(int doubled) {
        static final Ranks ALL = new Ranks(0);

        int real(int virtual) {
            return virtual < doubled ? 2 * virtual : virtual + doubled;
        }

        int virtual(int real) {
            return real < 2 * doubled ? real / 2 : real - doubled;
        }
    }

    private static Plan swap(int rank, int size, Range all) {
        int power = Integer.highestOneBit(size);
        Ranks ranks = new Ranks(size - power);
        List<Step> steps = new ArrayList<>();
        if (rank < 2 * ranks.doubled) {
            Transfer whole = new Transfer(rank ^ 1, all);
            if (rank % 2 == 1) {
                return new Plan(
                        List.of(new Step(List.of(whole), List.of(), Range.NONE)), Range.NONE);
            }
            steps.add(new Step(List.of(), List.of(whole), all));
        } else if (ranks.doubled > 0) {
            steps.add(new Step(List.of(), List.of(), all));
        }
        Plan rest = radix(halvings(power), rank, all, ranks);
        steps.addAll(rest.steps);
        return new Plan(List.copyOf(steps), rest.result);
    }

    private static Plan radix(List<Integer> factors, int rank, Range all, Ranks ranks) {
        List<Step> steps = new ArrayList<>();
        Range kept = all;
        int me = ranks.virtual(rank);
        int stride = 1;
        for (int k : factors) {
            int digit = me / stride % k;
            int base = me - digit * stride;
            List<Transfer> sends = new ArrayList<>();
            List<Transfer> receives = new ArrayList<>();
            Range mine = kept.part(digit, k);
            for (int other = 0; other < k; other++) {
                if (other != digit) {
                    int real = ranks.real(base + other * stride);
                    sends.add(new Transfer(real, kept.part(other, k)));
                    receives.add(new Transfer(real, mine));
                }
            }
            steps.add(new Step(List.copyOf(sends), List.copyOf(receives), mine));
            kept = mine;
            stride *= k;
        }
        return new Plan(List.copyOf(steps), kept);
    }

    /** Factors of at most four where that goes, ascending. */
    static List<Integer> factors(int size) {
        List<Integer> out = new ArrayList<>();
        int rest = size;
        for (int k = RADIX; k >= 2; k--) {
            while (rest % k == 0) {
                out.add(k);
                rest /= k;
            }
        }
        for (int k = RADIX + 1; rest > 1; k++) {
            while (rest % k == 0) {
                out.add(k);
                rest /= k;
            }
        }
        Collections.sort(out);
        return out;
    }
}
