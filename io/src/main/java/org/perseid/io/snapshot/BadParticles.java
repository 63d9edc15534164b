package org.perseid.io.snapshot;

import java.lang.foreign.MemorySegment;
import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.Reporter;

/** Drops the particles that cannot be drawn, counts them by reason and tells. */
final class BadParticles {
    private final ParticleSet set;
    private final LoadRequest request;
    private final boolean sizeMissing;
    private long badPosition;
    private long badSize;
    private long badColor;
    private long badIntensity;

    BadParticles(ParticleSet set, LoadRequest request, boolean sizeMissing) {
        this.set = set;
        this.request = request;
        this.sizeMissing = sizeMissing;
    }

    void drop(Reporter reporter) {
        long before = set.count();
        long dropped = set.retain(this::isGood);
        if (dropped == 0) {
            return;
        }
        recomputeRanges();
        reporter.warn(
                "type "
                        + request.fileType()
                        + ": dropped "
                        + dropped
                        + " of "
                        + before
                        + " particles:"
                        + reason(badPosition, "position is not finite")
                        + reason(badSize, "smoothing length is not above zero")
                        + reason(badColor, "colour is not finite")
                        + reason(badIntensity, "intensity is not finite"));
    }

    private static String reason(long n, String text) {
        return n == 0 ? "" : " " + n + " whose " + text + ";";
    }

    private boolean isGood(long i) {
        if (!finite(set.x(), i) || !finite(set.y(), i) || !finite(set.z(), i)) {
            badPosition++;
            return false;
        }
        float size = set.smoothingLength().getAtIndex(ParticleSet.FLOAT, i);
        if (!sizeMissing && !(size > 0 && Float.isFinite(size))) {
            badSize++;
            return false;
        }
        if (!colorFinite(i)) {
            badColor++;
            return false;
        }
        if (set.hasIntensity() && !finite(set.intensity(), i)) {
            badIntensity++;
            return false;
        }
        return true;
    }

    private boolean colorFinite(long i) {
        return finite(set.color(0), i)
                && (!set.vectorColor() || (finite(set.color(1), i) && finite(set.color(2), i)));
    }

    private static boolean finite(MemorySegment column, long i) {
        return Float.isFinite(column.getAtIndex(ParticleSet.FLOAT, i));
    }

    private void recomputeRanges() {
        RangeFinder color = new RangeFinder();
        RangeFinder intensity = new RangeFinder();
        for (long i = 0; i < set.count(); i++) {
            for (int k = 0; k < (set.vectorColor() ? 3 : 1); k++) {
                color.add(set.color(k).getAtIndex(ParticleSet.FLOAT, i));
            }
            intensity.add(
                    set.hasIntensity() ? set.intensity().getAtIndex(ParticleSet.FLOAT, i) : 1);
        }
        set.setRanges(color.range(), intensity.range());
    }
}
