package org.perseid.renderer.model;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * A colour map (palette): colours at equal steps from 0 to 1, linear between them, constant
 * outside.
 *
 * @param name for messages
 * @param red n values in [0, 1], n at least 1
 * @param green likewise
 * @param blue likewise
 */
@SuppressWarnings(
        "ArrayRecordComponent") // compared by identity on purpose; built once, never changed
public record ColorMap(String name, float[] red, float[] green, float[] blue) {
    public ColorMap {
        if (red.length == 0 || red.length != green.length || red.length != blue.length) {
            throw new RenderException("colour map " + name + " has no colours");
        }
    }

    /** Component c (0 red, 1 green, 2 blue) at position t; NaN gives the first colour. */
    public float at(int c, float t) {
        float[] v = c == 0 ? red : c == 1 ? green : blue;
        float position = t * (v.length - 1);
        if (!(position > 0)) {
            return v[0];
        }
        int i = (int) position;
        if (i >= v.length - 1) {
            return v[v.length - 1];
        }
        float fraction = position - i;
        return v[i] + fraction * (v[i + 1] - v[i]);
    }

    /** Four floats a colour: red, green, blue and 0; the last colour twice. */
    public float[] interleaved() {
        float[] out = new float[4 * (red.length + 1)];
        for (int i = 0; i <= red.length; i++) {
            int from = Math.min(i, red.length - 1);
            out[4 * i] = red[from];
            out[4 * i + 1] = green[from];
            out[4 * i + 2] = blue[from];
        }
        return out;
    }

    /** A short text that is the same for the same colours, whatever their name. */
    public String fingerprint() {
        float[] colors = interleaved();
        ByteBuffer bytes = ByteBuffer.allocate(4 * colors.length);
        bytes.asFloatBuffer().put(colors);
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return String.format(Locale.ROOT, "map%d-%08x", red.length, sum.getValue());
    }

    /** The same colours in opposite order. */
    public ColorMap reversed() {
        return new ColorMap(name + "_r", reverse(red), reverse(green), reverse(blue));
    }

    private static float[] reverse(float[] v) {
        float[] out = new float[v.length];
        for (int i = 0; i < v.length; i++) {
            out[i] = v[v.length - 1 - i];
        }
        return out;
    }
}
