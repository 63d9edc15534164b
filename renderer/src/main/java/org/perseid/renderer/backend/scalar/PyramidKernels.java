package org.perseid.renderer.backend.scalar;

import org.perseid.renderer.backend.Emission;
import org.perseid.renderer.backend.Pyramid;
import org.perseid.renderer.backend.SplatKernels;
import org.perseid.renderer.backend.Splats;

/**
 * Splats in plain Java with the pyramid: quick from the first frame on, as a single picture needs
 * it.
 */
final class PyramidKernels implements SplatKernels {
    /** Up to this R in pixels a splat lies within 2x2 pixels. */
    private static final float SMALL_PX = 1 / Splats.SUPPORT;

    /** Beyond every picture. */
    private static final int END = 1 << 30;

    private float[] weights = new float[64];

    @Override
    public void draw(Splats splats, int x0, int y0, int x1, int y1, Pyramid into) {
        for (int i = 0; i < splats.count(); i++) {
            float radius = splats.radius[i];
            if (!(radius > 0)) {
                continue;
            }
            if (radius <= SMALL_PX) {
                small(splats, i, x0, y0, x1, y1, into);
            } else {
                large(splats, i, levelOf(radius, into.levels()), x0, y0, x1, y1, into);
            }
        }
    }

    private static int levelOf(float radius, int levels) {
        return radius < Emission.COARSE_FROM_PX
                ? 0
                : Math.clamp(Math.getExponent(radius / Emission.COARSE_FROM_PX), 0, levels - 1);
    }

    private static void small(Splats splats, int i, int x0, int y0, int x1, int y1, Pyramid into) {
        float x = splats.x[i];
        float y = splats.y[i];
        float reach = Splats.SUPPORT * splats.radius[i];
        float squared = reach * reach;
        float falloff = falloff(splats.radius[i]);
        int px = (int) Math.floor(x);
        int py = (int) Math.floor(y);
        float left = x - px;
        float right = px + 1 - x;
        float wLeft = exp(falloff * left * left);
        float wRight = exp(falloff * right * right);
        for (int k = 0; k < 2; k++) {
            float dy = py + k - y;
            if (py + k < y0 || py + k >= y1 || dy * dy > squared) {
                continue;
            }
            float wRow = exp(falloff * dy * dy);
            int at = 4 * ((py + k) * into.fineStride + px);
            if (px >= x0 && px < x1 && left * left + dy * dy <= squared) {
                pixel(splats.light, 4 * i, wLeft * wRow, into.fine, at);
            }
            if (px + 1 >= x0 && px + 1 < x1 && right * right + dy * dy <= squared) {
                pixel(splats.light, 4 * i, wRight * wRow, into.fine, at + 4);
            }
        }
    }

    private static void pixel(float[] light, int from, float w, float[] fine, int at) {
        fine[at] += w * light[from];
        fine[at + 1] += w * light[from + 1];
        fine[at + 2] += w * light[from + 2];
    }

    private void large(
            Splats splats, int i, int level, int x0, int y0, int x1, int y1, Pyramid into) {
        Pyramid.Level grid = into.level(level);
        float scale = 1f / (1 << level);
        float x = splats.x[i] * scale;
        float y = splats.y[i] * scale;
        float radius = splats.radius[i] * scale;
        float reach = Splats.SUPPORT * radius;
        float falloff = falloff(radius);
        int lowX = grid.first(x0, level);
        int firstX = Math.max(lowX, (int) Math.floor(x - reach) + 1);
        int endX = Math.min(grid.endX(x1, level, into.width()), endInside(x + reach));
        int firstY = Math.max(grid.first(y0, level), (int) Math.floor(y - reach) + 1);
        int endY = Math.min(grid.endY(y1, level, into.height()), endInside(y + reach));
        if (firstX >= endX || firstY >= endY) {
            return;
        }
        grid.use();
        if (weights.length < endX - firstX) {
            weights = new float[endX - firstX];
        }
        for (int px = firstX; px < endX; px++) {
            float dx = px - x;
            weights[px - firstX] = exp(falloff * dx * dx);
        }
        for (int py = firstY; py < endY; py++) {
            float dy = py - y;
            float half = (float) Math.sqrt(Math.max(0f, reach * reach - dy * dy));
            int from = Math.max(firstX, (int) Math.floor(x - half) + 1);
            int to = Math.min(endX, endInside(x + half));
            if (from < to) {
                float w = exp(falloff * dy * dy);
                int at = grid.origin + py * grid.stride + from;
                row(w * splats.light[4 * i], from - firstX, grid.red, at, to - from);
                row(w * splats.light[4 * i + 1], from - firstX, grid.green, at, to - from);
                row(w * splats.light[4 * i + 2], from - firstX, grid.blue, at, to - from);
            }
        }
    }

    private void row(float light, int from, float[] plane, int at, int n) {
        for (int k = 0; k < n; k++) {
            plane[at + k] += light * weights[from + k];
        }
    }

    /** One eighth of the factor of d^2 in the exponent, without its sign. */
    private static float falloff(float radius) {
        return (float) (1 / (8 * Splats.WIDTH * Splats.WIDTH)) / (radius * radius);
    }

    /**
     * exp(-8 u) for u in [0, 0.4125], to 3e-6: a polynomial of exp(-u), squared three times.
     * Clamped beyond.
     */
    private static float exp(float u) {
        float v = Math.min(u, Splats.EXP_MAX);
        float e =
                (((Splats.EXP_4 * v + Splats.EXP_3) * v + Splats.EXP_2) * v + Splats.EXP_1) * v
                        + Splats.EXP_0;
        e *= e;
        e *= e;
        return e * e;
    }

    /** One beyond the last pixel that is at most v. */
    private static int endInside(float v) {
        return Math.min(END, (int) Math.floor(v)) + 1;
    }
}
