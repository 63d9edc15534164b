// Splats in OpenCL C 1.2: projection and colour as in backend.PlaneProjection, weights as in backend.Splats.
// Light is summed as whole numbers of 64 bits, so that the order of the sums does not matter: the same bits every time.

#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable

#define SUPPORT 0.75f
#define COARSE_FROM 5.0f
#define WIDTH 0.41315374f           // pi^(-1/6) / 2
#define LINEAR_BELOW 0.0062f
#define LOG_OF_NON_POSITIVE (-38.0f)
#define CHUNK 1024
#define SMOOTH 2.5
#define LARGE 256                   // pixels from which a splat is drawn by a group
#define GRID 9                      // numbers of a grid
#define BIG 1e9f

enum { RIGHT = 0, UP = 3, BACK = 6, SCALE = 9, MIDDLE_X, MIDDLE_Y, DEPTH_MIN, DEPTH_MAX, SIZE_FACTOR,
       MIN_RADIUS_2, STRENGTH, PERSPECTIVE, INTENSITY_MIN, INTENSITY_MAX, COLOR_MIN, COLOR_MAX, SPREAD_FACTOR };
enum { LINEAR = 0, LOG10, ASINH };

typedef struct { float x, y, radius, red, green, blue; } Splat;

float transformed(float v, int transform) {
    if (transform == LOG10) {
        return v > 0 ? log10(v) : LOG_OF_NON_POSITIVE;
    }
    return transform == ASINH ? asinh(v) : v;
}

/** From 0 to 1 between two values, 1 where they are one. */
float mapped(float v, int transform, float low, float high) {
    return low == high ? 1.0f : (fmax(fmin(transformed(v, transform), high), low) - low) / (high - low);
}

/** A particle as a splat; radius 0 where it is not seen. */
Splat project(
        __global const float *xs, __global const float *ys, __global const float *zs, __global const float *sizes,
        __global const float *intensities, __global const float *c0, __global const float *c1,
        __global const float *c2, __global const float *spreads, __global const float *colors,
        __global const double *view, int intensityTransform, int colorTransform, int lit, int lastColor,
        int width, int height, double dx, double dy, double dz, int i) {
    Splat out = {0, 0, 0, 0, 0, 0};
    double x = xs[i] + dx;
    double y = ys[i] + dy;
    double z = zs[i] + dz;
    double depth = -(x * view[BACK] + y * view[BACK + 1] + z * view[BACK + 2]);
    if (!(depth > view[DEPTH_MIN] && depth < view[DEPTH_MAX])) {
        return out;
    }
    double perUnit = view[SCALE] / (view[PERSPECTIVE] != 0 ? depth : 1.0);
    double px = (x * view[RIGHT] + y * view[RIGHT + 1] + z * view[RIGHT + 2]) * perUnit + view[MIDDLE_X];
    double py = (x * view[UP] + y * view[UP + 1] + z * view[UP + 2]) * perUnit + view[MIDDLE_Y];
    double size = 2.0 * sizes[i];
    double projected = size * perUnit * view[SIZE_FACTOR];
    double plain = sqrt(projected * projected + view[MIN_RADIUS_2]);
    double radius = plain;
    if (lit) {
        double spread = spreads[i] * perUnit;
        double wider = spread * spread * view[SPREAD_FACTOR];
        radius = sqrt(fmax(wider + plain * plain, wider * SMOOTH));
    }
    double reach = radius * SUPPORT;
    if (!(px + reach >= 0 && px - reach < width - 1 && py + reach >= 0 && py - reach < height - 1)) {
        return out;
    }
    float strength = (float) (projected / (size * radius) * view[STRENGTH] * (plain / radius));
    if (intensityTransform >= 0) {
        strength *= mapped(intensities[i], intensityTransform, (float) view[INTENSITY_MIN], (float) view[INTENSITY_MAX]);
    }
    float red, green, blue;
    if (lit) {
        red = c0[i];
        green = c1[i];
        blue = c2[i];
    } else {
        float place = mapped(c0[i], colorTransform, (float) view[COLOR_MIN], (float) view[COLOR_MAX]) * lastColor;
        int step = clamp((int) fmin(fmax(place, 0.0f), (float) lastColor), 0, lastColor);
        float part = place - step;
        red = colors[4 * step] + part * (colors[4 * step + 4] - colors[4 * step]);
        green = colors[4 * step + 1] + part * (colors[4 * step + 5] - colors[4 * step + 1]);
        blue = colors[4 * step + 2] + part * (colors[4 * step + 6] - colors[4 * step + 2]);
    }
    if (!isfinite(strength * (red + green + blue))) {
        return out;
    }
    out.x = (float) px;
    out.y = (float) py;
    out.radius = (float) radius;
    out.red = strength * red;
    out.green = strength * green;
    out.blue = strength * blue;
    return out;
}

#define COLUMNS \
    __global const float *xs, __global const float *ys, __global const float *zs, __global const float *sizes, \
    __global const float *intensities, __global const float *c0, __global const float *c1, \
    __global const float *c2, __global const float *spreads, __global const float *allColors, int colorAt, \
    __global const double *allViews, int viewAt, int intensityTransform, int colorTransform, int lit, int lastColor, \
    int width, int height, __global const int *rows, __global const double *toEye, int chunkAt, int chunks

/** The particle of a work item: its chunk's row, where the chunk has one. */
#define PARTICLE \
    int chunk = get_global_id(0) / CHUNK; \
    int row = get_global_id(0) % CHUNK; \
    Splat splat = {0, 0, 0, 0, 0, 0}; \
    if (chunk < chunks && row < rows[2 * (chunkAt + chunk) + 1]) { \
        __global const double *eye = toEye + 3 * (chunkAt + chunk); \
        splat = project(xs, ys, zs, sizes, intensities, c0, c1, c2, spreads, allColors + colorAt, allViews + viewAt, \
                intensityTransform, colorTransform, lit, lastColor, width, height, \
                eye[0], eye[1], eye[2], rows[2 * (chunkAt + chunk)] + row); \
    }

/** Sums by work group of the brightest component of the light: no pixel has more than their total. */
__kernel void lightOfRows(COLUMNS, __global double *sums, int firstGroup) {
    PARTICLE
    __local double parts[GROUP];
    parts[get_local_id(0)] = splat.radius > 0 ? fmax(fabs(splat.red), fmax(fabs(splat.green), fabs(splat.blue))) : 0.0;
    barrier(CLK_LOCAL_MEM_FENCE);
    if (get_local_id(0) == 0) {
        double sum = 0;
        for (int k = 0; k < GROUP; k++) {
            sum += parts[k];
        }
        sums[firstGroup + get_group_id(0)] = sum;
    }
}

/** A level's grid: base, pixel step, component step, row step, origin, first and end column, first and end row. */
typedef struct { int base, pixel, component, row, firstX, endX, firstY, endY; float x, y, reach2, falloff; } Area;

/** The grid that a splat is drawn on, and its part of it. */
Area areaOf(Splat s, __constant int *grids, int levels) {
    int level = s.radius < COARSE_FROM ? 0 : clamp(ilogb(s.radius / COARSE_FROM), 0, levels - 1);
    __constant int *grid = grids + GRID * level;
    float scale = 1.0f / (1 << level);
    Area a;
    a.x = s.x * scale;
    a.y = s.y * scale;
    float radius = s.radius * scale;
    float reach = SUPPORT * radius;
    a.reach2 = reach * reach;
    a.falloff = 1.0f / (WIDTH * WIDTH) / (radius * radius);
    a.base = grid[0] + grid[4];
    a.pixel = grid[1];
    a.component = grid[2];
    a.row = grid[3];
    a.firstX = max(grid[5], (int) floor(clamp(a.x - reach, -BIG, BIG)) + 1);
    a.endX = min(grid[6], (int) floor(clamp(a.x + reach, -BIG, BIG)) + 1);
    a.firstY = max(grid[7], (int) floor(clamp(a.y - reach, -BIG, BIG)) + 1);
    a.endY = min(grid[8], (int) floor(clamp(a.y + reach, -BIG, BIG)) + 1);
    return a;
}

void drawPixel(Splat s, Area a, int x, int y, __global long *sums, double unit) {
    float dx = x - a.x;
    float dy = y - a.y;
    float d2 = dx * dx + dy * dy;
    if (d2 <= a.reach2) {
        double w = exp(-d2 * a.falloff) * unit;
        __global long *at = sums + a.base + y * a.row + x * a.pixel;
        atom_add(at, convert_long_rte(w * s.red));
        atom_add(at + a.component, convert_long_rte(w * s.green));
        atom_add(at + 2 * a.component, convert_long_rte(w * s.blue));
    }
}

/** Small splats at once; large ones are listed for groups. */
void drawOrList(Splat s, __constant int *grids, int levels, __global long *sums, double unit,
        __global float *large, __global int *largeCount) {
    if (!(s.radius > 0) || !isfinite(s.red + s.green + s.blue)) {
        return;
    }
    Area a = areaOf(s, grids, levels);
    long pixels = (long) max(0, a.endX - a.firstX) * max(0, a.endY - a.firstY);
    if (pixels > LARGE) {
        __global float *to = large + 6 * atomic_inc(largeCount);
        to[0] = s.x;
        to[1] = s.y;
        to[2] = s.radius;
        to[3] = s.red;
        to[4] = s.green;
        to[5] = s.blue;
        return;
    }
    for (int y = a.firstY; y < a.endY; y++) {
        for (int x = a.firstX; x < a.endX; x++) {
            drawPixel(s, a, x, y, sums, unit);
        }
    }
}

#define OUTPUT \
    __constant int *grids, int levels, __global long *sums, double unit, \
    __global float *large, __global int *largeCount

__kernel void drawRows(COLUMNS, OUTPUT) {
    PARTICLE
    drawOrList(splat, grids, levels, sums, unit, large, largeCount);
}

/** Splats that were projected elsewhere: x, y and radius in arrays, light in four floats each. */
__kernel void drawSplats(__global const float *xs, __global const float *ys, __global const float *radii,
        __global const float *light, int count, OUTPUT) {
    int i = get_global_id(0);
    if (i < count) {
        Splat s = {xs[i], ys[i], radii[i], light[4 * i], light[4 * i + 1], light[4 * i + 2]};
        drawOrList(s, grids, levels, sums, unit, large, largeCount);
    }
}

/** Listed splats, each by a group; the groups share them. */
__kernel void drawLarge(__global const float *large, __global const int *largeCount, __constant int *grids, int levels,
        __global long *sums, double unit) {
    for (int k = get_group_id(0); k < *largeCount; k += get_num_groups(0)) {
        __global const float *from = large + 6 * k;
        Splat s = {from[0], from[1], from[2], from[3], from[4], from[5]};
        Area a = areaOf(s, grids, levels);
        int n = a.endX - a.firstX;
        for (int y = a.firstY; y < a.endY; y++) {
            for (int x = get_local_id(0); x < n; x += GROUP) {
                drawPixel(s, a, a.firstX + x, y, sums, unit);
            }
        }
    }
}

__kernel void clearCount(__global int *largeCount) {
    *largeCount = 0;
}

/** Adds the whole numbers to floats, and empties them. */
__kernel void drain(__global long *sums, __global float *light, int count, double perUnit) {
    int i = get_global_id(0);
    if (i < count) {
        light[i] += (float) (sums[i] * perUnit);
        sums[i] = 0;
    }
}

__kernel void clear(__global long *sums, __global float *light, int count) {
    int i = get_global_id(0);
    if (i < count) {
        sums[i] = 0;
        light[i] = 0;
    }
}

float covered(float light, float e, float w, float gray, bool linear) {
    float q = e + gray == 0 ? 0 : e / (e + gray);
    float depth = w * e;
    return light + (linear ? -depth : expm1(-depth)) * (light - q);
}

/** Splats laid over the picture in their order, a work item a pixel; begins holds where each tile's splats are listed. */
__kernel void absorb(__global const float *xs, __global const float *ys, __global const float *radii,
        __global const float *light, __global const int *begins, __global const int *entries,
        int tilePx, int columns, int width, int height, float gray,
        __global float *red, __global float *green, __global float *blue) {
    int p = get_global_id(0);
    if (p >= width * height) {
        return;
    }
    int x = p % width;
    int y = p / width;
    int tile = y / tilePx * columns + x / tilePx;
    float r = red[p];
    float g = green[p];
    float b = blue[p];
    for (int k = begins[tile]; k < begins[tile + 1]; k++) {
        int i = entries[k];
        float dx = x - xs[i];
        float dy = y - ys[i];
        float d2 = dx * dx + dy * dy;
        float reach = SUPPORT * radii[i];
        if (d2 <= reach * reach) {
            float w = exp(-d2 / (WIDTH * WIDTH * radii[i] * radii[i]));
            float er = light[4 * i];
            float eg = light[4 * i + 1];
            float eb = light[4 * i + 2];
            bool linear = w * fmax(er, fmax(eg, eb)) < LINEAR_BELOW;
            r = covered(r, er, w, gray, linear);
            g = covered(g, eg, w, gray, linear);
            b = covered(b, eb, w, gray, linear);
        }
    }
    red[p] = r;
    green[p] = g;
    blue[p] = b;
}
