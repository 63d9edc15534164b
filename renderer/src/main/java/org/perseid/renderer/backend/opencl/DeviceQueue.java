package org.perseid.renderer.backend.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.HashMap;
import java.util.Map;
import org.perseid.renderer.model.RenderException;

/**
 * A device with the kernels compiled for it, and the queue of what it has to do: in order, so that
 * what is enqueued later sees what was done before. One for each device in a process; methods may
 * be called by any thread.
 */
final class DeviceQueue {
    /** Work items of a group; the sizes of launches are multiples of it. */
    static final int GROUP = 64;

    /** What the kernels have to know of the host. */
    private static final String OPTIONS =
            "-DGROUP="
                    + GROUP
                    + " -DCHUNK="
                    + Launch.CHUNK
                    + " -DGRID="
                    + LightGrids.GRID
                    + " -DTILE="
                    + LightGrids.TILE
                    + " -DPART="
                    + LargeSplats.PART;

    private static final int BUILD_LOG = 0x1183;
    private static final long READ_WRITE = 1;
    private static final int BLOCKING = 1;
    private static final Cleaner CLEANER = Cleaner.create();

    private final OpenCl cl;
    private final Device device;
    private final MemorySegment context;
    private final MemorySegment queue;
    private final MemorySegment program;
    private final Map<String, MemorySegment> kernels = new HashMap<>();
    private final double buildSeconds;

    /**
     * Compiles the kernels.
     *
     * @throws RenderException with what the compiler says when they do not compile
     */
    DeviceQueue(OpenCl cl, Device device) {
        this.cl = cl;
        this.device = device;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ids = arena.allocateFrom(ADDRESS, device.id());
            MemorySegment none = MemorySegment.NULL;
            context = cl.create("clCreateContext", none, 1, ids, none, none);
            queue = cl.create("clCreateCommandQueue", context, device.id(), 0L);
            MemorySegment source = arena.allocateFrom(KernelSource.TEXT);
            program =
                    cl.create(
                            "clCreateProgramWithSource",
                            context,
                            1,
                            arena.allocateFrom(ADDRESS, source),
                            none);
            MemorySegment options = arena.allocateFrom(OPTIONS);
            long start = System.nanoTime();
            try {
                cl.call("clBuildProgram", program, 1, ids, options, none, none);
            } catch (RenderException e) {
                String log =
                        cl.string(arena, "clGetProgramBuildInfo", program, device.id(), BUILD_LOG);
                throw new RenderException(
                        device.name() + ": the kernels do not compile: " + log.strip(), e);
            }
            buildSeconds = 1e-9 * (System.nanoTime() - start);
        }
    }

    Device device() {
        return device;
    }

    /** What compiling took; a driver may put off a part of it until a kernel is run. */
    double buildSeconds() {
        return buildSeconds;
    }

    /** Memory on the device, until it is closed or forgotten. */
    final class Buffer implements AutoCloseable {
        private final MemorySegment handle;
        private final long bytes;
        private final Cleaner.Cleanable release;

        private Buffer(long bytes) {
            this.bytes = bytes;
            MemorySegment made =
                    cl.create(
                            "clCreateBuffer",
                            context,
                            READ_WRITE,
                            Math.max(16, bytes),
                            MemorySegment.NULL);
            OpenCl library = cl;
            handle = made;
            release = CLEANER.register(this, () -> library.call("clReleaseMemObject", made));
        }

        long bytes() {
            return bytes;
        }

        /**
         * Writes the content from the beginning on; off-heap memory that may be used again at once.
         */
        Buffer write(MemorySegment from) {
            try {
                synchronized (DeviceQueue.this) {
                    if (from.byteSize() > 0) {
                        cl.call(
                                "clEnqueueWriteBuffer",
                                queue,
                                handle,
                                BLOCKING,
                                0L,
                                from.byteSize(),
                                from,
                                0,
                                MemorySegment.NULL,
                                MemorySegment.NULL);
                    }
                }
            } finally {
                Reference.reachabilityFence(this);
            }
            return this;
        }

        /** Reads what is there after all that was enqueued. */
        void read(long from, MemorySegment into) {
            try {
                synchronized (DeviceQueue.this) {
                    cl.call(
                            "clEnqueueReadBuffer",
                            queue,
                            handle,
                            BLOCKING,
                            from,
                            into.byteSize(),
                            into,
                            0,
                            MemorySegment.NULL,
                            MemorySegment.NULL);
                }
            } finally {
                Reference.reachabilityFence(this);
            }
        }

        @Override
        public void close() {
            release.clean();
        }
    }

    /** New memory; its content is not defined. */
    Buffer allocate(long bytes) {
        return new Buffer(bytes);
    }

    /**
     * Enqueues a kernel.
     *
     * @param items work items, a multiple of {@link #GROUP}; more than 0
     * @param arguments buffers, ints, longs, floats and doubles
     */
    synchronized void run(String kernel, long items, Object... arguments) {
        MemorySegment of =
                kernels.computeIfAbsent(
                        kernel,
                        name -> {
                            try (Arena arena = Arena.ofConfined()) {
                                return cl.create(
                                        "clCreateKernel", program, arena.allocateFrom(name));
                            }
                        });
        try (Arena arena = Arena.ofConfined()) {
            for (int k = 0; k < arguments.length; k++) {
                MemorySegment value =
                        switch (arguments[k]) {
                            case Buffer buffer -> arena.allocateFrom(ADDRESS, buffer.handle);
                            case Integer i -> arena.allocateFrom(JAVA_INT, i);
                            case Long l -> arena.allocateFrom(JAVA_LONG, l);
                            case Float f -> arena.allocateFrom(JAVA_FLOAT, f);
                            case Double d -> arena.allocateFrom(JAVA_DOUBLE, d);
                            default -> throw new IllegalArgumentException(kernel + " " + k);
                        };
                cl.call("clSetKernelArg", of, k, value.byteSize(), value);
            }
            cl.call(
                    "clEnqueueNDRangeKernel",
                    queue,
                    of,
                    1,
                    MemorySegment.NULL,
                    arena.allocateFrom(JAVA_LONG, items),
                    arena.allocateFrom(JAVA_LONG, GROUP),
                    0,
                    MemorySegment.NULL,
                    MemorySegment.NULL);
        } finally {
            Reference.reachabilityFence(
                    arguments); // until then the queue does not hold the buffers
        }
    }

    /** Waits until all that was enqueued is done. */
    synchronized void finish() {
        cl.call("clFinish", queue);
    }
}
