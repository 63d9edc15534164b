package org.perseid.io.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Builds binary files value by value. */
final class Bytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteOrder order;

    Bytes(ByteOrder order) {
        this.order = order;
    }

    private Bytes add(int n, Consumer<ByteBuffer> values) {
        byte[] bytes = new byte[n];
        values.accept(ByteBuffer.wrap(bytes).order(order));
        out.writeBytes(bytes);
        return this;
    }

    Bytes f4(double... values) {
        return add(
                4 * values.length,
                b -> {
                    for (double v : values) {
                        b.putFloat((float) v);
                    }
                });
    }

    Bytes f8(double... values) {
        return add(
                8 * values.length,
                b -> {
                    for (double v : values) {
                        b.putDouble(v);
                    }
                });
    }

    Bytes i4(int... values) {
        return add(
                4 * values.length,
                b -> {
                    for (int v : values) {
                        b.putInt(v);
                    }
                });
    }

    Bytes i8(long... values) {
        return add(
                8 * values.length,
                b -> {
                    for (long v : values) {
                        b.putLong(v);
                    }
                });
    }

    Bytes i1(int... values) {
        for (int v : values) {
            out.write(v);
        }
        return this;
    }

    Bytes text(String text, int length) {
        byte[] bytes = new byte[length];
        byte[] from = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(from, 0, bytes, 0, from.length);
        out.writeBytes(bytes);
        return this;
    }

    /** A Fortran record of what another builder holds. */
    Bytes record(Bytes content) {
        byte[] bytes = content.out.toByteArray();
        i4(bytes.length);
        out.writeBytes(bytes);
        return i4(bytes.length);
    }

    int size() {
        return out.size();
    }

    byte[] array() {
        return out.toByteArray();
    }

    Path write(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return Files.write(file, out.toByteArray());
    }
}
