package org.perseid.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Into how many parts a frame is cut. */
class FrameBudgetTest {
    @Test
    void thePartsAreTheFewestThatFit() {
        FrameBudget budget = new FrameBudget(35, 0, 256);
        assertThat(budget.parts()).isEqualTo(1);
        budget.expect(35 * 3);
        assertThat(budget.parts()).isEqualTo(4);
        budget.expect(1e9);
        assertThat(budget.parts()).isEqualTo(256);
    }

    @Test
    void aGuessCountsUntilSomethingWasMeasured() {
        FrameBudget budget = new FrameBudget(35, 0, 256);
        budget.expect(700);
        for (int k = 0; k < 40; k++) {
            budget.took(20, 8);
        }
        budget.expect(1e9);
        assertThat(budget.wholeMillis()).isBetween(159.9, 160.1);
        assertThat(budget.parts()).isEqualTo(8);
    }
}
