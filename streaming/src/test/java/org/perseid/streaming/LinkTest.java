package org.perseid.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LinkTest {
    /** Sends and acknowledges frames on a line; returns the time at the end. */
    private static double exchange(Link link, int frames, double startMs, double eachMs) {
        double now = startMs;
        for (int k = 1; k <= frames; k++) {
            long sequence = (long) (startMs * 1000) + k;
            link.sent(sequence, 50_000, now, true);
            now += eachMs;
            assertThat(link.acknowledged(sequence, now)).isEqualTo(eachMs);
        }
        return now;
    }

    @Test
    void noMoreThanTwoFramesAreOnTheirWayOnAShortLine() {
        Link link = new Link();
        link.sent(1, 100, 0, true);
        assertThat(link.isOpen()).isTrue();
        link.sent(2, 100, 1, true);
        assertThat(link.isOpen()).isFalse();
        assertThat(link.acknowledged(2, 5)).isEqualTo(4);
        assertThat(link.isOpen()).isTrue();
        assertThat(link.window()).isEqualTo(2);
    }

    @Test
    void aLongRoundTripLetsMoreFramesBeOnTheirWay() {
        Link link = new Link();
        assertThat(link.takePing(0)).isTrue();
        assertThat(link.takePing(1)).isFalse();
        link.ponged(150);
        double _ = exchange(link, 3, 0, 155);
        assertThat(link.window()).isEqualTo(4);
        assertThat(link.roundTripMs()).isEqualTo(150);
        link.ponged(10_000);
        assertThat(link.window()).isEqualTo(6);
    }

    @Test
    void aFrameThatFillsTheLineGoesAlone() {
        Link link = new Link();
        link.ponged(2);
        double now = exchange(link, 10, 0, 50);
        assertThat(link.window()).isEqualTo(1);
        double _ = exchange(link, 30, now, 5);
        assertThat(link.window()).isEqualTo(2);
    }

    @Test
    void slowTransfersMakeFramesCoarserAndQuickOnesFinerAgain() {
        Link link = new Link();
        link.ponged(5);
        double now = exchange(link, 3, 0, 10);
        now = exchange(link, 3, now + 1, 200);
        assertThat(link.tier().quality).isLessThan(Tier.GOOD.quality);
        Tier coarse = link.tier();
        now = exchange(link, 200, now + 1, 12);
        assertThat(link.tier().quality).isGreaterThan(coarse.quality);
        assertThat(link.bytesPerSecond()).isPositive();
        assertThat(link.lastMs()).isEqualTo(12);
        assertThat(now).isPositive();
    }

    @Test
    void aVeryLongTransferSkipsAStep() {
        Link link = new Link();
        double now = exchange(link, 1, 0, 5);
        double _ = exchange(link, 1, now + 1, 2000);
        assertThat(link.tier()).isEqualTo(Tier.COARSE);
    }

    @Test
    void aPictureAtRestIsSentFinerTheSoonerTheQuickerTheLineAndTeachesNothing() {
        Link link = new Link();
        link.sent(1, 100, 0, true);
        assertThat(link.restMs()).isNegative(); // the line is busy
        double _ = link.acknowledged(1, 5);
        assertThat(link.restMs()).isEqualTo(250);
        link.sent(1, 1000, 300, false);
        assertThat(link.isOpen()).isTrue();
        assertThat(link.acknowledged(1, 1200)).isEqualTo(900);
        assertThat(link.tier()).isEqualTo(Tier.GOOD);
        assertThat(link.lastMs()).isEqualTo(900);
        assertThat(link.restMs()).isEqualTo(1800);
        link.sent(1, 10_000, 3000, false);
        double _ = link.acknowledged(1, 5100);
        assertThat(link.restMs()).isNegative(); // too slow
    }

    @Test
    void acknowledgementsOfNothingAreIgnored() {
        Link link = new Link();
        assertThat(link.acknowledged(77, 5)).isEqualTo(-1);
        link.sent(1, 10, 0, true);
        assertThat(link.acknowledged(0, 5)).isEqualTo(-1);
    }

    @Test
    void framesThatAreNeverAcknowledgedDoNotBlockForEver() {
        Link link = new Link();
        link.sent(1, 10, 0, true);
        link.sent(2, 10, 0, true);
        link.expire(10_000);
        assertThat(link.isOpen()).isFalse();
        link.expire(20_000);
        assertThat(link.isOpen()).isTrue();
    }
}
