package org.perseid.renderer.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Off-heap memory for columns of particles. Large requests are anonymous mappings with huge pages
 * where the system has them: nothing is touched at allocation, so that the threads that fill a
 * column also share the cost of its pages.
 */
public final class OffHeap {
    /** Requests up to this are never mappings. */
    private static final long TINY = 1L << 20;

    /** Larger requests are always mappings. */
    private static final long SMALL = 1L << 24;

    /**
     * Bytes up to which small requests are no mappings either: for so little, linking to the C
     * library does not pay. The JVM lets arenas have as much as the heap.
     */
    private static final long LITTLE = Math.min(1L << 27, Runtime.getRuntime().maxMemory() / 8);

    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;
    private static final long MAP_FAILED = -1L;

    private static final AtomicLong everAllocated = new AtomicLong();

    private OffHeap() {}

    /**
     * Reserves zeroed memory, 64-byte aligned, that lives as long as the arena.
     *
     * @param bytes at least 0
     * @param what named in the message when there is not enough memory, as in {@code "positions of
     *     10000 particles"}
     * @throws RenderException when the machine has not that much memory available
     */
    public static MemorySegment allocate(Arena arena, long bytes, String what) {
        long ever = everAllocated.addAndGet(bytes);
        if (bytes <= TINY || (bytes <= SMALL && ever <= LITTLE)) {
            return arena.allocate(bytes, 64);
        }
        requireAvailable(bytes, what);
        Mmap mmap = Mmap.FOUND;
        return mmap == null ? arena.allocate(bytes, 64) : mmap.map(arena, bytes, what);
    }

    /**
     * Gives the memory of a segment back before its arena is closed; its values are lost.
     *
     * @param segment as {@link #allocate} returned it
     */
    public static void discard(MemorySegment segment) {
        if (segment.byteSize() > SMALL && Mmap.FOUND != null) {
            Mmap.FOUND.discard(segment);
        }
    }

    private static void requireAvailable(long bytes, String what) {
        long available = availableBytes();
        if (bytes > available) {
            throw new RenderException(
                    String.format(
                            Locale.ROOT,
                            "not enough memory for %s: needs %.1f GiB, %.1f GiB are available; show fewer particle"
                                    + " types or use a machine with more memory",
                            what,
                            bytes / (double) (1L << 30),
                            available / (double) (1L << 30)));
        }
    }

    /**
     * Memory in bytes that can be used without swapping; {@code Long.MAX_VALUE} where the system
     * does not say.
     */
    public static long availableBytes() {
        return procValue("/proc/meminfo", "MemAvailable:");
    }

    /**
     * Largest resident size of this process so far, in bytes; {@code Long.MAX_VALUE} where the
     * system does not say.
     */
    public static long peakResidentBytes() {
        return procValue("/proc/self/status", "VmHWM:");
    }

    /**
     * Memory of this process's own, in bytes: without the pages of mapped files, which the system
     * takes back when it needs them; {@code Long.MAX_VALUE} where the system does not say.
     */
    public static long ownResidentBytes() {
        return procValue("/proc/self/status", "RssAnon:");
    }

    /** Bytes handed out by {@link #allocate} since the process began, those given back included. */
    public static long everAllocatedBytes() {
        return everAllocated.get();
    }

    private static long procValue(String file, String key) {
        try {
            for (String line : Files.readAllLines(Path.of(file))) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Long.MAX_VALUE;
        }
        return Long.MAX_VALUE;
    }

    /**
     * The three functions of the C library that are used, where they exist with Linux's constants.
     */
    private record Mmap(MethodHandle mmap, MethodHandle munmap, MethodHandle madvise) {
        static final @Nullable Mmap FOUND = find();

        private static @Nullable Mmap find() {
            if (!System.getProperty("os.name", "").equals("Linux")) {
                return null;
            }
            Linker linker = Linker.nativeLinker();
            var lookup = linker.defaultLookup();
            var address = ValueLayout.JAVA_LONG;
            var integer = ValueLayout.JAVA_INT;
            return new Mmap(
                    linker.downcallHandle(
                            lookup.findOrThrow("mmap"),
                            FunctionDescriptor.of(
                                    address, address, address, integer, integer, integer, address)),
                    linker.downcallHandle(
                            lookup.findOrThrow("munmap"),
                            FunctionDescriptor.of(integer, address, address)),
                    linker.downcallHandle(
                            lookup.findOrThrow("madvise"),
                            FunctionDescriptor.of(integer, address, address, integer)));
        }

        MemorySegment map(Arena arena, long bytes, String what) {
            long address;
            try {
                address =
                        (long)
                                mmap.invokeExact(
                                        0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
                if (address != MAP_FAILED) {
                    int _ = (int) madvise.invokeExact(address, bytes, MADV_HUGEPAGE);
                }
            } catch (Throwable e) {
                throw new IllegalStateException("mmap", e);
            }
            if (address == MAP_FAILED) {
                throw new RenderException(
                        "not enough memory for "
                                + what
                                + ": the system refused "
                                + bytes
                                + " bytes");
            }
            return MemorySegment.ofAddress(address).reinterpret(bytes, arena, this::unmap);
        }

        void discard(MemorySegment segment) {
            try {
                int _ =
                        (int)
                                madvise.invokeExact(
                                        segment.address(), segment.byteSize(), MADV_DONTNEED);
            } catch (Throwable e) {
                throw new IllegalStateException("madvise", e);
            }
        }

        private void unmap(MemorySegment segment) {
            try {
                int _ = (int) munmap.invokeExact(segment.address(), segment.byteSize());
            } catch (Throwable e) {
                throw new IllegalStateException("munmap", e);
            }
        }
    }
}
