package org.perseid.streaming.jpeg;

import java.util.function.Consumer;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

/** Encodes pictures as baseline JPEG files. Calls may come from several threads. */
public interface JpegEncoder extends AutoCloseable {
    /**
     * Encodes a picture.
     *
     * @param picture at most 65535 pixels a side
     * @param quality 1 to 100, libjpeg's scale
     * @param workers who share the work; the file does not depend on how many they are
     * @return a JFIF file
     */
    byte[] encode(Picture picture, int quality, Chroma chroma, Workers workers);

    /** Name and version, for logs. */
    String name();

    @Override
    void close();

    /**
     * TurboJPEG where the library is installed, else the JDK's own encoder.
     *
     * @param log gets one line when the library is missing
     */
    static JpegEncoder best(Consumer<String> log) {
        try {
            return new TurboJpeg();
        } catch (TurboJpeg.Missing e) {
            log.accept(e.getMessage() + "; pictures are encoded by the JDK, which takes longer");
            return new JdkJpeg();
        }
    }
}
