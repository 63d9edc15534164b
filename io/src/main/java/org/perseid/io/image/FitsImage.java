package org.perseid.io.image;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.Header;
import nom.tam.fits.HeaderCard;
import nom.tam.fits.ImageHDU;
import nom.tam.util.FitsOutputStream;
import org.perseid.renderer.model.FloatImage;

/**
 * A float layer, or several as a cube, as a FITS image with linear world coordinates: lengths in
 * the plane through the target (CTYPE {@code LINEAR}). How it was made stands in HISTORY cards,
 * line by line, each beginning with the keyword.
 */
final class FitsImage {
    /** Letters that fit behind HISTORY. */
    private static final int CARD = 70;

    private FitsImage() {}

    static void write(FloatImage image, PixelGrid grid, Map<String, String> text, OutputStream out)
            throws IOException {
        write(image.name(), rows(image), image, grid, text, out);
    }

    /** Images of one size as the planes of a cube. */
    static void write(
            String name,
            List<FloatImage> planes,
            PixelGrid grid,
            Map<String, String> text,
            OutputStream out)
            throws IOException {
        float[][][] cube = planes.stream().map(FitsImage::rows).toArray(float[][][]::new);
        write(name, cube, planes.getFirst(), grid, text, out);
    }

    private static float[][] rows(FloatImage image) {
        float[][] rows = new float[image.height()][image.width()];
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.values(), y * image.width(), rows[y], 0, image.width());
        }
        return rows;
    }

    private static void write(
            String name,
            Object values,
            FloatImage image,
            PixelGrid grid,
            Map<String, String> text,
            OutputStream out)
            throws IOException {
        try (Fits fits = new Fits()) {
            ImageHDU unit = (ImageHDU) Fits.makeHDU(values);
            Header header = unit.getHeader();
            header.addValue("EXTNAME", name, "float layer");
            header.addValue("BUNIT", ascii(grid.valueUnit()), "unit of the values");
            if (!grid.lengthUnit().isEmpty()) {
                axis(header, 1, grid.pixelSide(), grid.centreX(), image.width(), grid);
                axis(header, 2, grid.pixelSide(), grid.centreY(), image.height(), grid);
            }
            text.forEach((key, value) -> history(header, key, value));
            fits.addHDU(unit);
            HeaderCard simple = header.findCard("SIMPLE");
            if (simple != null) { // the library puts the date there, and files would differ
                simple.setComment("FITS");
            }
            FitsOutputStream stream = new FitsOutputStream(out);
            fits.write(stream);
            stream.flush();
        } catch (FitsException e) {
            throw new IOException(e);
        }
    }

    /** A pixel's middle is at its number from 1. */
    private static void axis(
            Header header, int number, double side, double centre, int pixels, PixelGrid grid) {
        header.addValue("CTYPE" + number, "LINEAR", "length in the plane of the target");
        header.addValue("CRPIX" + number, pixels / 2.0 + 1, "pixel of the middle");
        header.addValue("CRVAL" + number, centre, "length there");
        header.addValue("CDELT" + number, side, "side of a pixel");
        header.addValue("CUNIT" + number, ascii(grid.lengthUnit()), "");
    }

    /** Lines longer than a card go on in the next, after a backslash. */
    private static void history(Header header, String key, String value) {
        for (String line : value.lines().toList()) {
            String rest = ascii(line);
            String prefix = key + " ";
            int room = CARD - prefix.length() - 1;
            while (rest.length() > room) {
                header.insertHistory(prefix + rest.substring(0, room) + "\\");
                rest = rest.substring(room);
            }
            header.insertHistory(prefix + rest);
        }
    }

    /** FITS headers hold printable ASCII; a backslash and four digits stand for the rest. */
    static String ascii(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                out.append(c);
            } else {
                out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            }
        }
        return out.toString();
    }
}
