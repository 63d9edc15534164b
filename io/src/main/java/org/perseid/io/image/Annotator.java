package org.perseid.io.image;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.perseid.io.InputException;
import org.perseid.renderer.model.ColorMap;
import org.perseid.renderer.model.Picture;

/** Draws legends, a scale bar, text and a logo over a picture. */
public final class Annotator {
    private static final int MAX_TICKS = 6;

    private Annotator() {}

    /**
     * A colour bar.
     *
     * @param map its colours
     * @param min value at its left end, after the logarithm or asinh
     * @param max value at its right end
     * @param title what it shows
     * @param unit of the values; empty for none
     * @param prefix before the title: {@code "log10"}, {@code "asinh"} or nothing
     */
    public record Bar(
            ColorMap map, double min, double max, String title, String unit, String prefix) {
        String label() {
            String inner = unit.isEmpty() ? title : title + " [" + unit + "]";
            return prefix.isEmpty() ? inner : prefix + " " + inner;
        }
    }

    /**
     * What is drawn.
     *
     * @param bars colour bars, the first one lowest
     * @param scaleLength length of the scale bar's label, as {@code "10 kpc"}; empty for none
     * @param scalePx its length in pixels
     * @param upperLeft text; empty for none
     * @param upperRight text; empty for none
     * @param logo PNG; null for none
     * @param sizePx height of letters; 0 for a size that suits the picture
     */
    public record Content(
            List<Bar> bars,
            String scaleLength,
            double scalePx,
            String upperLeft,
            String upperRight,
            @Nullable Path logo,
            int sizePx) {}

    /**
     * The picture with annotations; the one given is changed.
     *
     * @throws InputException when the logo cannot be read, or there is no font
     */
    public static Picture draw(Picture picture, Content content) {
        BufferedImage image = Png.image(picture);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(
                    RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            int size =
                    content.sizePx > 0
                            ? content.sizePx
                            : Math.max(10, Math.min(picture.width(), picture.height()) / 40);
            g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, size));
            new Canvas(g, picture.width(), picture.height(), size).draw(content);
            return picture;
        } catch (InternalError
                | NullPointerException
                | ExceptionInInitializerError
                | NoClassDefFoundError e) {
            throw new InputException(
                    "annotations need a font, and the Java machine finds none ("
                            + e.getMessage()
                            + "); run: sudo apt-get install fontconfig fonts-dejavu-core");
        } finally {
            g.dispose();
        }
    }

    /** A number as short as it can be at this spacing. */
    static String number(double v, double step) {
        if (v == 0) {
            return "0";
        }
        double size = Math.abs(v);
        if (size >= 1e5 || size < 1e-3) {
            return String.format(Locale.ROOT, "%.2e", v).replaceAll("\\.?0+e", "e");
        }
        int digits = (int) Math.clamp(Math.ceil(-Math.log10(step) - 1e-9), 0, 6);
        return String.format(Locale.ROOT, "%." + digits + "f", v);
    }

    /** A round step (1, 2 or 5 times a power of ten) that gives at most so many in a range. */
    public static double roundStep(double range, int most) {
        double raw = range / most;
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double part = raw / power;
        return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
    }

    /** A picture to draw on, with its margins. */
    private record Canvas(Graphics2D g, int width, int height, int size) {
        void draw(Content content) {
            int bottom = height - size;
            for (Bar bar : content.bars) {
                bottom = bar(bar, bottom);
            }
            if (!content.scaleLength.isEmpty()) {
                scale(content, bottom);
            }
            text(content.upperLeft, size, 2 * size, false);
            text(content.upperRight, width - size, 2 * size, true);
            Path logo = content.logo;
            if (logo != null) {
                logo(logo);
            }
        }

        /** A bar over the left half; returns where the next may end. */
        private int bar(Bar bar, int bottom) {
            int left = size;
            int right = Math.max(left + 2, width / 2);
            int tall = Math.max(4, size * 2 / 3);
            int labels = bottom;
            int top = bottom - size - 4 - tall;
            for (int x = left; x < right; x++) {
                float c = (float) (x - left) / (right - 1 - left);
                g.setColor(
                        new Color(
                                clamp(bar.map.at(0, c)),
                                clamp(bar.map.at(1, c)),
                                clamp(bar.map.at(2, c))));
                g.fillRect(x, top, 1, tall);
            }
            g.setColor(Color.WHITE);
            g.setStroke(new BasicStroke(1));
            g.drawRect(left - 1, top - 1, right - left + 1, tall + 1);
            if (bar.max > bar.min) {
                double step = roundStep(bar.max - bar.min, MAX_TICKS);
                for (double k = Math.ceil(bar.min / step - 1e-9);
                        k * step <= bar.max * (1 + 1e-12) + 1e-9 * step;
                        k++) {
                    double v = k * step;
                    int x = (int) (left + (v - bar.min) / (bar.max - bar.min) * (right - 1 - left));
                    g.drawLine(x, top + tall, x, top + tall + 3);
                    centred(number(v, step), x, labels);
                }
            }
            text(bar.label(), left, top - size / 2, false);
            return top - 2 * size;
        }

        private static float clamp(float v) {
            return Math.clamp(v, 0f, 1f);
        }

        private void centred(String label, int x, int baseline) {
            int wide = g.getFontMetrics().stringWidth(label);
            shadowed(
                    label, Math.clamp((long) x - wide / 2, 0, Math.max(0, width - wide)), baseline);
        }

        private void scale(Content content, int bottom) {
            int right = width - size;
            int left = (int) Math.max(size, right - content.scalePx);
            int y = Math.min(height - size, Math.max(bottom, height - size));
            g.setColor(Color.WHITE);
            g.setStroke(new BasicStroke(Math.max(2, size / 8f)));
            g.drawLine(left, y, right, y);
            FontMetrics metrics = g.getFontMetrics();
            int x = (left + right - metrics.stringWidth(content.scaleLength)) / 2;
            shadowed(
                    content.scaleLength,
                    Math.min(x, width - size - metrics.stringWidth(content.scaleLength)),
                    y - size / 2);
        }

        private void text(String text, int x, int baseline, boolean endsThere) {
            if (!text.isEmpty()) {
                int wide = g.getFontMetrics().stringWidth(text);
                shadowed(text, endsThere ? x - wide : x, baseline);
            }
        }

        /** White with a dark edge: readable on anything. */
        private void shadowed(String text, int x, int baseline) {
            g.setColor(new Color(0, 0, 0, 160));
            for (int dx = -1; dx <= 1; dx++) {
                for (int dy = -1; dy <= 1; dy++) {
                    g.drawString(text, x + dx, baseline + dy);
                }
            }
            g.setColor(Color.WHITE);
            g.drawString(text, x, baseline);
        }

        /**
         * In the lower right corner, at most an eighth of the picture high, above the scale bar.
         */
        private void logo(Path file) {
            try {
                BufferedImage logo = ImageIO.read(file.toFile());
                if (logo == null) {
                    throw new InputException(file, "is no picture; logo must be a PNG");
                }
                int tall = Math.min(logo.getHeight(), Math.max(1, height / 8));
                int wide = Math.max(1, logo.getWidth() * tall / logo.getHeight());
                g.drawImage(
                        logo.getScaledInstance(wide, tall, java.awt.Image.SCALE_SMOOTH),
                        width - size - wide,
                        height - 4 * size - tall,
                        null);
            } catch (IOException e) {
                throw new InputException(file, "cannot be read (" + e.getMessage() + ")", e);
            }
        }
    }
}
