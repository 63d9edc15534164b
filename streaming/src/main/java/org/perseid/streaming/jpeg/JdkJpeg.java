package org.perseid.streaming.jpeg;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

/** The JDK's encoder, by one thread; it always keeps a quarter of the colour. */
final class JdkJpeg implements JpegEncoder {
    @Override
    public byte[] encode(Picture picture, int quality, Chroma chroma, Workers workers) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(quality / 100f);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(JdkImages.copy(picture), null, null), param);
        } catch (IOException e) {
            throw new UncheckedIOException("JPEG encoding in memory", e);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    @Override
    public String name() {
        return "the JDK's JPEG encoder";
    }

    @Override
    public void close() {}
}
