package org.perseid.compositing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.perseid.compositing.Plan.Range;
import org.perseid.compositing.Plan.Step;
import org.perseid.compositing.Plan.Transfer;

/** Plans followed without any transport. */
class PlanTest {
    static Stream<Arguments> plans() {
        return Stream.of(Schedule.DIRECT, Schedule.SWAP, Schedule.RADIX)
                .flatMap(schedule ->
                        IntStream.of(1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 16, 30, 64)
                                .boxed()
                                .flatMap(size ->
                                        Stream.of(0, 1, 5, 64, 1001)
                                                .map(length ->
                                                        Arguments.of(schedule, size, length))));
    }

    /** Each element of each rank is a list of the ranks whose drawings it holds, in order. */
    @ParameterizedTest
    @MethodSource("plans")
    void everyElementComesTogetherOnceInTheOrderOfTheRanks(
            Schedule schedule, int size, int length) {
        List<Plan> plans =
                IntStream.range(0, size).mapToObj(r -> Plan.of(schedule, r, size, length)).toList();
        List<List<List<Integer>>> images = new ArrayList<>();
        for (int r = 0; r < size; r++) {
            int own = r;
            images.add(
                    new ArrayList<>(
                            IntStream.range(0, length).mapToObj(i -> List.of(own)).toList()));
        }
        int steps = plans.getFirst().steps().size();
        for (int s = 0; s < steps; s++) {
            images = afterStep(plans, images, s);
        }
        List<Integer> all = IntStream.range(0, size).boxed().toList();
        int complete = 0;
        for (int r = 0; r < size; r++) {
            Range result = plans.get(r).result();
            assertThat(Plan.resultOf(schedule, r, size, length)).isEqualTo(result);
            for (long i = result.first(); i < result.end(); i++) {
                assertThat(images.get(r).get((int) i)).isEqualTo(all);
                complete++;
            }
        }
        assertThat(complete).isEqualTo(length);
    }

    private static List<List<List<Integer>>> afterStep(
            List<Plan> plans, List<List<List<Integer>>> images, int s) {
        List<List<List<Integer>>> after = new ArrayList<>();
        for (int r = 0; r < plans.size(); r++) {
            List<Step> steps = plans.get(r).steps();
            List<List<Integer>> image = new ArrayList<>(images.get(r));
            if (s < steps.size()) {
                for (Transfer receive : steps.get(s).receives()) {
                    Transfer expected = new Transfer(r, receive.range());
                    assertThat(plans.get(receive.rank()).steps().get(s).sends()).contains(expected);
                    assertThat(receive.range()).isEqualTo(steps.get(s).kept());
                    for (long i = receive.range().first(); i < receive.range().end(); i++) {
                        image.set(
                                (int) i,
                                joined(
                                        image.get((int) i),
                                        images.get(receive.rank()).get((int) i)));
                    }
                }
            }
            after.add(image);
        }
        return after;
    }

    /** What can be laid over each other: neighbours after all of a step have come. */
    private static List<Integer> joined(List<Integer> a, List<Integer> b) {
        List<Integer> out = new ArrayList<>(a);
        out.addAll(b);
        out.sort(Comparator.naturalOrder());
        assertThat(out).doesNotHaveDuplicates();
        return out;
    }

    @ParameterizedTest
    @MethodSource("plans")
    void betweenStepsARankHoldsWhatConsecutiveRanksHaveDrawn(
            Schedule schedule, int size, int length) {
        List<Plan> plans =
                IntStream.range(0, size).mapToObj(r -> Plan.of(schedule, r, size, length)).toList();
        List<List<Integer>> holds =
                new ArrayList<>(IntStream.range(0, size).mapToObj(List::of).toList());
        for (int s = 0; s < plans.getFirst().steps().size(); s++) {
            List<List<Integer>> after = new ArrayList<>(holds);
            for (int r = 0; r < size; r++) {
                if (s < plans.get(r).steps().size()) {
                    for (Transfer receive : plans.get(r).steps().get(s).receives()) {
                        after.set(r, joined(after.get(r), holds.get(receive.rank())));
                    }
                }
                List<Integer> of = after.get(r);
                assertThat(of.getLast() - of.getFirst()).isEqualTo(of.size() - 1);
            }
            holds = after;
        }
    }
}
