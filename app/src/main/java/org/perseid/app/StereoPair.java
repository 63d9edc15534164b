package org.perseid.app;

import java.util.List;
import org.perseid.io.par.RenderJob;
import org.perseid.renderer.model.Picture;

/** Puts the two pictures of a stereo pair into one. */
final class StereoPair {
    private StereoPair() {}

    /** The pictures of the files that are written: those given, or one made of right and left. */
    static List<Picture> arranged(List<Picture> views, RenderJob job) {
        if (!isOnePicture(job)) {
            return views;
        }
        Picture right = views.get(0);
        Picture left = views.get(1);
        return List.of(
                switch (job.stereoLayout()) {
                    case SIDE_BY_SIDE -> sideBySide(left, right);
                    case TOP_BOTTOM -> topBottom(left, right);
                    default -> anaglyph(left, right);
                });
    }

    /** Whether the views of a frame go into one file. */
    static boolean isOnePicture(RenderJob job) {
        return job.views().size() == 2 && job.stereoLayout() != RenderJob.StereoLayout.FILES;
    }

    /** Width of a frame's files in pixels. */
    static int width(RenderJob job) {
        boolean twice =
                isOnePicture(job) && job.stereoLayout() == RenderJob.StereoLayout.SIDE_BY_SIDE;
        return twice ? 2 * job.width() : job.width();
    }

    /** Height of a frame's files in pixels. */
    static int height(RenderJob job) {
        boolean twice =
                isOnePicture(job) && job.stereoLayout() == RenderJob.StereoLayout.TOP_BOTTOM;
        return twice ? 2 * job.height() : job.height();
    }

    private static Picture sideBySide(Picture left, Picture right) {
        int row = 3 * left.width();
        byte[] rgb = new byte[Math.multiplyExact(2 * row, left.height())];
        for (int y = 0; y < left.height(); y++) {
            System.arraycopy(left.rgb(), y * row, rgb, 2 * y * row, row);
            System.arraycopy(right.rgb(), y * row, rgb, (2 * y + 1) * row, row);
        }
        return new Picture(2 * left.width(), left.height(), rgb);
    }

    private static Picture topBottom(Picture left, Picture right) {
        byte[] rgb = new byte[Math.multiplyExact(2, left.rgb().length)];
        System.arraycopy(left.rgb(), 0, rgb, 0, left.rgb().length);
        System.arraycopy(right.rgb(), 0, rgb, left.rgb().length, left.rgb().length);
        return new Picture(left.width(), 2 * left.height(), rgb);
    }

    /** Red from the left eye's luminance, green and blue from the right eye's picture. */
    private static Picture anaglyph(Picture left, Picture right) {
        byte[] rgb = right.rgb().clone();
        for (int p = 0; p < rgb.length; p += 3) {
            int r = left.rgb()[p] & 255;
            int g = left.rgb()[p + 1] & 255;
            int b = left.rgb()[p + 2] & 255;
            rgb[p] = (byte) Math.round(0.299 * r + 0.587 * g + 0.114 * b);
        }
        return new Picture(left.width(), left.height(), rgb);
    }
}
