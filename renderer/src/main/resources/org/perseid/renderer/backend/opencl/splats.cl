// Splats in OpenCL C 1.2: projection and colour as in backend.PlaneProjection, weights as in backend.Splats.
// Light is summed as whole numbers of 64 bits, so that the order of the sums does not matter: the same bits every time.
// The host gives GROUP (work items of a group), CHUNK (rows of a chunk), GRID (numbers of a grid, the last its first tile),
// TILE (side of a tile) and PART (entries of tiles' lists that a group draws).

#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable

#define SUPPORT 0.75f
#define COARSE_FROM 5.0f
#define WIDTH 0.41315374f           // pi^(-1/6) / 2
#define LINEAR_BELOW 0.0062f
#define LOG_OF_NON_POSITIVE (-38.0f)
#define SMOOTH 2.5
#define LARGE 256                   // pixels from which a splat is drawn by tiles
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

/** A level's grid: its number, base, pixel step, component step, row step, origin, first and end column, first and end row. */
typedef struct { int level, base, pixel, component, row, firstX, endX, firstY, endY; float x, y, reach2, falloff; } Area;

/** The grid that a splat is drawn on, and its part of it. */
Area areaOf(Splat s, __constant int *grids, int levels, int finer) {
    int level = clamp(ilogb(s.radius / COARSE_FROM) - finer, 0, levels - 1);
    __constant int *grid = grids + GRID * level;
    float scale = 1.0f / (1 << level);
    Area a;
    a.level = level;
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

/** Small splats at once; large ones are listed for tiles. */
void drawOrList(Splat s, __constant int *grids, int levels, int finer, __global long *sums, double unit,
        __global float *large, __global int *largeCount) {
    if (!(s.radius > 0) || !isfinite(s.red + s.green + s.blue)) {
        return;
    }
    Area a = areaOf(s, grids, levels, finer);
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
    __constant int *grids, int levels, int finer, __global long *sums, double unit, \
    __global float *large, __global int *largeCount

__kernel void drawRows(COLUMNS, OUTPUT) {
    PARTICLE
    drawOrList(splat, grids, levels, finer, sums, unit, large, largeCount);
}

/** Splats that were projected elsewhere: x, y and radius in arrays, light in four floats each. */
__kernel void drawSplats(__global const float *xs, __global const float *ys, __global const float *radii,
        __global const float *light, int count, OUTPUT) {
    int i = get_global_id(0);
    if (i < count) {
        Splat s = {xs[i], ys[i], radii[i], light[4 * i], light[4 * i + 1], light[4 * i + 2]};
        drawOrList(s, grids, levels, finer, sums, unit, large, largeCount);
    }
}

Splat listed(__global const float *large, int k) {
    __global const float *from = large + 6 * k;
    Splat s = {from[0], from[1], from[2], from[3], from[4], from[5]};
    return s;
}

/** The tiles that a splat may reach into: the first, how many across and down, and how many the grid has across. */
typedef struct { int first, across, down, all; } Tiles;

Tiles tilesOf(Area a, __constant int *grids) {
    __constant int *grid = grids + GRID * a.level;
    Tiles t = {0, 0, 0, 0};
    if (a.firstX < a.endX && a.firstY < a.endY) {
        int x = (a.firstX - grid[5]) / TILE;
        int y = (a.firstY - grid[7]) / TILE;
        t.all = (grid[6] - grid[5] + TILE - 1) / TILE;
        t.first = grid[9] + y * t.all + x;
        t.across = (a.endX - 1 - grid[5]) / TILE - x + 1;
        t.down = (a.endY - 1 - grid[7]) / TILE - y + 1;
    }
    return t;
}

__kernel void clearTiles(__global int *cursors, int tiles) {
    int i = get_global_id(0);
    if (i < tiles) {
        cursors[i] = 0;
    }
}

/** For listed splats, each by a group: adds one for each of their tiles. */
__kernel void countTiles(__global const float *large, int first, int count, __constant int *grids, int levels, int finer,
        __global int *cursors) {
    for (int k = get_group_id(0); k < count; k += get_num_groups(0)) {
        Tiles t = tilesOf(areaOf(listed(large, first + k), grids, levels, finer), grids);
        for (int i = get_local_id(0); i < t.across * t.down; i += GROUP) {
            atomic_inc(cursors + t.first + i / t.across * t.all + i % t.across);
        }
    }
}

/** By one group: where each tile's list begins, from how many are in it; -1 at the end when it is too many to count. */
__kernel void placeTiles(__global int *cursors, __global int *begins, int tiles) {
    __local long sums[GROUP];
    int me = get_local_id(0);
    int each = (tiles + GROUP - 1) / GROUP;
    int first = min(tiles, me * each);
    int end = min(tiles, first + each);
    long own = 0;
    for (int t = first; t < end; t++) {
        own += cursors[t];
    }
    sums[me] = own;
    barrier(CLK_LOCAL_MEM_FENCE);
    long at = 0;
    for (int k = 0; k < me; k++) {
        at += sums[k];
    }
    for (int t = first; t < end; t++) {
        int n = cursors[t];
        begins[t] = (int) at;
        cursors[t] = (int) at;
        at += n;
    }
    if (me == GROUP - 1) {
        begins[tiles] = at > INT_MAX ? -1 : (int) at;
    }
}

/** Puts listed splats into the lists of their tiles, in any order. */
__kernel void listTiles(__global const float *large, int first, int count, __constant int *grids, int levels, int finer,
        __global int *cursors, __global int *entries) {
    for (int k = get_group_id(0); k < count; k += get_num_groups(0)) {
        Tiles t = tilesOf(areaOf(listed(large, first + k), grids, levels, finer), grids);
        for (int i = get_local_id(0); i < t.across * t.down; i += GROUP) {
            entries[atomic_inc(cursors + t.first + i / t.across * t.all + i % t.across)] = first + k;
        }
    }
}

/** Adds to the pixel of a column that is in a row, where the grid has it. */
void add(__global long *column, int row, __constant int *grid, long red, long green, long blue) {
    if (row < grid[8]) {
        __global long *at = column + row * grid[3];
        atom_add(at, red);
        atom_add(at + grid[2], green);
        atom_add(at + 2 * grid[2], blue);
    }
}

/** The tile in whose list an entry is. */
int tileOf(int entry, __global const int *begins, int tiles) {
    int low = 0;
    int high = tiles;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (begins[middle] <= entry) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/**
 * The lists one after the other, cut into parts of equal length, each drawn by a group of 64. A work item has four pixels of a
 * column, and keeps their sums until the tile's list or the part ends.
 */
__kernel void drawTiles(__global const float *large, __global const int *begins, __global const int *entries, int count,
        int tiles, __constant int *grids, int levels, int finer, __global long *sums, double unit) {
    __local Area areas[GROUP];
    __local float3 lights[GROUP];
    int me = get_local_id(0);
    int from = get_group_id(0) * PART;
    int stop = min(count, from + PART);
    for (int tile = tileOf(from, begins, tiles); from < stop; tile++) {
        int end = min(stop, begins[tile + 1]);
        if (from == end) {
            continue;
        }
        int level = 0;
        while (level + 1 < levels && grids[GRID * (level + 1) + 9] <= tile) {
            level++;
        }
        __constant int *grid = grids + GRID * level;
        int all = (grid[6] - grid[5] + TILE - 1) / TILE;
        int x = grid[5] + (tile - grid[9]) % all * TILE + me % TILE;
        int y = grid[7] + (tile - grid[9]) / all * TILE + me / TILE;
        int4 rows = y + (int4) (0, 1, 2, 3) * (GROUP / TILE);
        long4 red = 0;
        long4 green = 0;
        long4 blue = 0;
        for (; from < end; from += GROUP) {
            int n = min(GROUP, end - from);
            barrier(CLK_LOCAL_MEM_FENCE);
            if (me < n) {
                Splat s = listed(large, entries[from + me]);
                areas[me] = areaOf(s, grids, levels, finer);
                lights[me] = (float3) (s.red, s.green, s.blue);
            }
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int k = 0; k < n; k++) {
                Area a = areas[k];
                float3 light = lights[k];
                float dx = x - a.x;
                float4 dy = convert_float4(rows) - a.y;
                float4 d2 = dx * dx + dy * dy;
                int4 inside = d2 <= a.reach2 && rows >= a.firstY && rows < a.endY;
                if (x >= a.firstX && x < a.endX && any(inside)) {
                    double4 w = convert_double4(select((float4) 0, exp(-d2 * a.falloff), inside)) * unit;
                    red += convert_long4_rte(w * light.x);
                    green += convert_long4_rte(w * light.y);
                    blue += convert_long4_rte(w * light.z);
                }
            }
        }
        from = end;
        if (x < grid[6]) {
            __global long *at = sums + grid[0] + grid[4] + x * grid[1];
            add(at, rows.s0, grid, red.s0, green.s0, blue.s0);
            add(at, rows.s1, grid, red.s1, green.s1, blue.s1);
            add(at, rows.s2, grid, red.s2, green.s2, blue.s2);
            add(at, rows.s3, grid, red.s3, green.s3, blue.s3);
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
