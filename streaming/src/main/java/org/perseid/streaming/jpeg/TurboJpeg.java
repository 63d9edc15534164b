package org.perseid.streaming.jpeg;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.perseid.renderer.model.Picture;
import org.perseid.renderer.model.Workers;

/**
 * libjpeg-turbo by its TurboJPEG API (version 2 or 3), called straight from Java on the picture's
 * own memory. A picture is cut into strips that are encoded side by side and joined by {@link
 * Strips}.
 */
final class TurboJpeg implements JpegEncoder {
    /** The library is not installed, or not usable. */
    static final class Missing extends Exception {
        Missing(String message) {
            super(message);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    private static final List<String> NAMES =
            List.of("libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib", "turbojpeg.dll");
    private static final int PIXELS_RGB = 0;
    private static final int NO_REALLOC = 1024;

    /** Rows of a strip, about: fewer cost more bytes, more leave threads idle at the end. */
    private static final int STRIP_ROWS = 128;

    private final Arena arena = Arena.ofShared();
    private final MethodHandle open;
    private final MethodHandle compress;
    private final MethodHandle bound;
    private final MethodHandle error;
    private final MethodHandle destroy;
    private final ConcurrentLinkedQueue<Handle> idle = new ConcurrentLinkedQueue<>();

    /** A compressor with its buffer; used by one thread at a time. */
    private static final class Handle {
        final MemorySegment compressor;
        final MemorySegment bufferAndSize;
        MemorySegment buffer = MemorySegment.NULL;

        Handle(MemorySegment compressor, MemorySegment bufferAndSize) {
            this.compressor = compressor;
            this.bufferAndSize = bufferAndSize;
        }
    }

    TurboJpeg() throws Missing {
        SymbolLookup library = load(arena);
        Linker linker = Linker.nativeLinker();
        open = find(library, linker, "tjInitCompress", FunctionDescriptor.of(ADDRESS));
        bound =
                find(
                        library,
                        linker,
                        "tjBufSize",
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT));
        error = find(library, linker, "tjGetErrorStr2", FunctionDescriptor.of(ADDRESS, ADDRESS));
        destroy = find(library, linker, "tjDestroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        compress =
                find(
                        library,
                        linker,
                        "tjCompress2",
                        FunctionDescriptor.of(
                                JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                                ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT),
                        Linker.Option.critical(true)); // reads the picture where it is
    }

    private static SymbolLookup load(Arena arena) throws Missing {
        for (String name : NAMES) {
            Optional<SymbolLookup> library = load(name, arena);
            if (library.isPresent()) {
                return library.get();
            }
        }
        throw new Missing("TurboJPEG is not installed (Debian: libturbojpeg0)");
    }

    private static Optional<SymbolLookup> load(String name, Arena arena) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, arena));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static MethodHandle find(
            SymbolLookup library,
            Linker linker,
            String name,
            FunctionDescriptor type,
            Linker.Option... options)
            throws Missing {
        MemorySegment symbol =
                library.find(name).orElseThrow(() -> new Missing("TurboJPEG here has no " + name));
        return linker.downcallHandle(symbol, type, options);
    }

    @Override
    public byte[] encode(Picture picture, int quality, Chroma chroma, Workers workers) {
        int rows = Strips.rows(picture.width(), picture.height(), STRIP_ROWS, chroma);
        byte[][] parts = new byte[Math.ceilDiv(picture.height(), rows)][];
        workers.run(
                parts.length,
                k -> {
                    int first = (int) k * rows;
                    int n = Math.min(rows, picture.height() - first);
                    parts[(int) k] = strip(picture, first, n, quality, chroma);
                });
        return Strips.join(parts, picture.width(), picture.height(), rows, chroma);
    }

    private byte[] strip(Picture picture, int first, int rows, int quality, Chroma chroma) {
        Handle taken = idle.poll();
        Handle handle = taken != null ? taken : openHandle();
        try {
            int pitch = 3 * picture.width();
            long size = (long) bound.invokeExact(picture.width(), rows, chroma.turbo);
            if (handle.buffer.byteSize() < size) {
                handle.buffer = arena.allocate(size);
            }
            handle.bufferAndSize.set(ADDRESS, 0, handle.buffer);
            handle.bufferAndSize.set(JAVA_LONG, 8, handle.buffer.byteSize());
            MemorySegment pixels =
                    MemorySegment.ofArray(picture.rgb())
                            .asSlice((long) first * pitch, (long) rows * pitch);
            int failed =
                    (int)
                            compress.invokeExact(
                                    handle.compressor,
                                    pixels,
                                    picture.width(),
                                    pitch,
                                    rows,
                                    PIXELS_RGB,
                                    handle.bufferAndSize,
                                    handle.bufferAndSize.asSlice(8),
                                    chroma.turbo,
                                    quality,
                                    NO_REALLOC);
            if (failed != 0) {
                throw new IllegalStateException("TurboJPEG: " + errorOf(handle));
            }
            int length = Math.toIntExact(handle.bufferAndSize.get(JAVA_LONG, 8));
            byte[] out = new byte[length];
            MemorySegment.copy(
                    handle.buffer, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, out, 0, length);
            return out;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("TurboJPEG", e);
        } finally {
            idle.add(handle);
        }
    }

    private String errorOf(Handle handle) throws Throwable {
        MemorySegment text = (MemorySegment) error.invokeExact(handle.compressor);
        return text.reinterpret(256).getString(0, StandardCharsets.US_ASCII);
    }

    private Handle openHandle() {
        try {
            MemorySegment compressor = (MemorySegment) open.invokeExact();
            if (compressor.address() == 0) {
                throw new IllegalStateException("TurboJPEG gives no compressor");
            }
            return new Handle(compressor, arena.allocate(16, 8));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("TurboJPEG", e);
        }
    }

    @Override
    public String name() {
        return "TurboJPEG";
    }

    @Override
    public void close() {
        for (Handle handle = idle.poll(); handle != null; handle = idle.poll()) {
            try {
                int _ = (int) destroy.invokeExact(handle.compressor);
            } catch (Throwable e) {
                throw new IllegalStateException("TurboJPEG", e);
            }
        }
        arena.close();
    }
}
