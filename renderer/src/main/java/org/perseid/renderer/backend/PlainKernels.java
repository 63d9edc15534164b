package org.perseid.renderer.backend;

/**
 * Splats in plain Java: all of them where a picture has to be quick from the first frame on, and
 * those at the edges of regions where others are drawn by vectors, to the same bits.
 */
public final class PlainKernels implements SplatKernels {
    /** Up to this R in pixels a splat lies within 2x2 pixels. */
    public static final float SMALL_PX = 1 / Splats.SUPPORT;

    /** Beyond every picture. */
    private static final int END = 1 << 30;

    private float[] weights = new float[64];
    private float[] squares = new float[64];

    @Override
    public void draw(Splats splats, int x0, int y0, int x1, int y1, Pyramid into) {
        for (int i = 0; i < splats.count(); i++) {
            float radius = splats.radius[i];
            if (radius > SMALL_PX) {
                rows(splats, i, x0, y0, x1, y1, into);
            } else if (radius > 0) {
                small(splats, i, x0, y0, x1, y1, into);
            }
        }
    }

    /** A splat within 2x2 pixels. */
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
        float wLeft = exp(left * left * falloff);
        float wRight = exp(right * right * falloff);
        for (int k = 0; k < 2; k++) {
            float dy = py + k - y;
            if (py + k < y0 || py + k >= y1 || dy * dy > squared) {
                continue;
            }
            float wRow = exp(dy * dy * falloff);
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

    /** A splat of any size, row by row, in the planes of its level. */
    public void rows(Splats splats, int i, int x0, int y0, int x1, int y1, Pyramid into) {
        int level = into.levelOf(splats.radius[i]);
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
        int n = endX - firstX;
        makeRoom(n);
        for (int k = 0; k < n; k++) {
            float dx = firstX + k - x;
            squares[k] = dx * dx;
            weights[k] = exp(squares[k] * falloff);
        }
        for (int py = firstY; py < endY; py++) {
            float dy = py - y;
            float left = reach * reach - dy * dy;
            int from = 0;
            int to = n;
            while (from < to && squares[from] > left) {
                from++;
            }
            while (to > from && squares[to - 1] > left) {
                to--;
            }
            float w = exp(dy * dy * falloff);
            int at = grid.origin + py * grid.stride + firstX;
            row(splats.light, 4 * i, w, from, to, grid, at);
        }
    }

    private void makeRoom(int n) {
        if (weights.length < n) {
            weights = new float[n];
            squares = new float[n];
        }
    }

    private void row(
            float[] light, int splat, float w, int from, int to, Pyramid.Level grid, int at) {
        float red = w * light[splat];
        float green = w * light[splat + 1];
        float blue = w * light[splat + 2];
        float[] reds = grid.red; // locals, for code that is not optimised yet
        float[] greens = grid.green;
        float[] blues = grid.blue;
        float[] columns = weights;
        int shift = at;
        for (int k = from; k < to; k++) {
            float column = columns[k];
            int p = shift + k;
            reds[p] += red * column;
            greens[p] += green * column;
            blues[p] += blue * column;
        }
    }

    /** One eighth of the factor of d^2 in the exponent, without its sign. */
    public static float falloff(float radius) {
        return (float) (1 / (8 * Splats.WIDTH * Splats.WIDTH)) / (radius * radius);
    }

    /**
     * exp(-8 u) for u in [0, 0.4125], to 3e-6: a polynomial of exp(-u), squared three times.
     * Clamped beyond.
     */
    public static float exp(float u) {
        float v = Math.min(u, Splats.EXP_MAX);
        float e =
                (((Splats.EXP_4 * v + Splats.EXP_3) * v + Splats.EXP_2) * v + Splats.EXP_1) * v
                        + Splats.EXP_0;
        e *= e;
        e *= e;
        return e * e;
    }

    /** One beyond the last pixel that is at most v. */
    public static int endInside(float v) {
        return Math.min(END, (int) Math.floor(v)) + 1;
    }
}
