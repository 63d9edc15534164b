package org.perseid.streaming.jpeg;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.perseid.renderer.model.Picture;

/** Pictures by the JDK's own image classes. */
public final class JdkImages {
    private JdkImages() {}

    /** A copy of the picture. */
    static BufferedImage copy(Picture picture) {
        BufferedImage image =
                new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        byte[] rgb = picture.rgb();
        for (int i = 0; i < rgb.length; i += 3) {
            bgr[i] = rgb[i + 2];
            bgr[i + 1] = rgb[i + 1];
            bgr[i + 2] = rgb[i];
        }
        return image;
    }

    /** The picture as a PNG file, without loss. */
    public static byte[] png(Picture picture) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 20);
        try {
            ImageIO.write(copy(picture), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException("PNG encoding in memory", e);
        }
        return out.toByteArray();
    }
}
