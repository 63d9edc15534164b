package org.perseid.renderer.backend.opencl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.perseid.renderer.model.RenderException;

/**
 * The system's OpenCL library, called straight from Java. Functions are named as in the OpenCL 1.2
 * specification of the Khronos Group; results other than success are {@link RenderException}s.
 */
final class OpenCl {
    private static final List<String> NAMES =
            List.of(
                    "libOpenCL.so.1",
                    "libOpenCL.so",
                    "/System/Library/Frameworks/OpenCL.framework/OpenCL",
                    "OpenCL.dll");

    private static final int SUCCESS = 0;
    private static final int NO_PLATFORM = -1001;
    private static final int NO_DEVICE = -1;
    private static final Map<Integer, String> ERRORS =
            Map.of(
                    -4, "the device has not enough memory",
                    -5, "the device is out of resources",
                    -6, "the driver is out of host memory",
                    -11, "the kernels do not compile",
                    -54, "the work group is too large",
                    -61, "a buffer is too large for the device");

    /**
     * Whether the JVM keeps its signals, see decision 13: drivers compile by LLVM, which puts its
     * own handler of SIGSEGV in the place of the JVM's, for one signal; a second thread that meets
     * the signal meanwhile, as it does in any safepoint, ends the process.
     */
    static final boolean SIGNALS_ARE_CHAINED =
            !System.getProperty("os.name").equals("Linux")
                    || Objects.requireNonNullElse(System.getenv("LD_PRELOAD"), "")
                            .contains("libjsig");

    private static final @Nullable OpenCl INSTALLED = load();

    private final SymbolLookup library;
    private final Map<String, MethodHandle> functions = new ConcurrentHashMap<>();
    private @Nullable List<Device> devices;

    private OpenCl(SymbolLookup library) {
        this.library = library;
    }

    /** The library; null where there is none. */
    static @Nullable OpenCl installed() {
        return INSTALLED;
    }

    private static @Nullable OpenCl load() {
        for (String name : NAMES) {
            Optional<SymbolLookup> library = load(name);
            if (library.isPresent()) {
                return new OpenCl(library.get());
            }
        }
        return null;
    }

    private static Optional<SymbolLookup> load(String name) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Calls a function that returns its success. */
    void call(String function, Object... arguments) {
        check(function, result(function, arguments));
    }

    private int result(String function, Object... arguments) {
        return (int) invoke(function, JAVA_INT, arguments);
    }

    /** Calls a function that returns an object, and its success by its last argument. */
    MemorySegment create(String function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment error = arena.allocate(JAVA_INT);
            Object[] all = new Object[arguments.length + 1];
            System.arraycopy(arguments, 0, all, 0, arguments.length);
            all[arguments.length] = error;
            MemorySegment made = (MemorySegment) invoke(function, ADDRESS, all);
            check(function, error.get(JAVA_INT, 0));
            return made;
        }
    }

    private static void check(String function, int result) {
        if (result != SUCCESS) {
            throw new RenderException(
                    "OpenCL: "
                            + ERRORS.getOrDefault(result, "error " + result)
                            + " ("
                            + function
                            + "); --backend vector or scalar draws on the CPU");
        }
    }

    private Object invoke(String function, MemoryLayout returned, Object... arguments) {
        MethodHandle handle =
                functions.computeIfAbsent(
                        function,
                        name -> {
                            MemoryLayout[] layouts = new MemoryLayout[arguments.length];
                            for (int k = 0; k < arguments.length; k++) {
                                layouts[k] =
                                        switch (arguments[k]) {
                                            case Integer _ -> JAVA_INT;
                                            case Long _ -> JAVA_LONG;
                                            default -> ADDRESS;
                                        };
                            }
                            return Linker.nativeLinker()
                                    .downcallHandle(
                                            library.find(name)
                                                    .orElseThrow(() ->
                                                            new RenderException(
                                                                    "the OpenCL library has no "
                                                                            + name)),
                                            FunctionDescriptor.of(returned, layouts));
                        });
        try {
            return handle.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(function, e);
        }
    }

    // What there is

    private static final long ALL_TYPES = 0xffffffffL;
    private static final int PLATFORM_NAME = 0x0902;
    private static final int DEVICE_TYPE = 0x1000;
    private static final int DEVICE_UNITS = 0x1002;
    private static final int DEVICE_MAX_GROUP = 0x1004;
    private static final int DEVICE_MAX_BUFFER = 0x1010;
    private static final int DEVICE_MEMORY = 0x101f;
    private static final int DEVICE_NAME = 0x102b;
    private static final int DEVICE_EXTENSIONS = 0x1030;
    private static final long GPU = 4;

    /** All devices of all platforms, looked for once; none where there is no driver. */
    synchronized List<Device> devices() {
        List<Device> known = devices;
        if (known == null) {
            known = findDevices();
            devices = known;
        }
        return known;
    }

    private List<Device> findDevices() {
        List<Device> out = new ArrayList<>();
        for (MemorySegment platform : list("clGetPlatformIDs", NO_PLATFORM)) {
            String name = text("clGetPlatformInfo", platform, PLATFORM_NAME);
            for (MemorySegment id : list("clGetDeviceIDs", NO_DEVICE, platform, ALL_TYPES)) {
                out.add(
                        new Device(
                                id,
                                text("clGetDeviceInfo", id, DEVICE_NAME).strip(),
                                name,
                                (number(id, DEVICE_TYPE) & GPU) != 0,
                                (int) number(id, DEVICE_UNITS),
                                (int) number(id, DEVICE_MAX_GROUP),
                                number(id, DEVICE_MEMORY),
                                number(id, DEVICE_MAX_BUFFER),
                                text("clGetDeviceInfo", id, DEVICE_EXTENSIONS)));
            }
        }
        return out;
    }

    private List<MemorySegment> list(String function, int none, Object... of) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            int found = result(function, with(of, 0, MemorySegment.NULL, count));
            int n = count.get(JAVA_INT, 0);
            if (found == none || n == 0) {
                return List.of();
            }
            check(function, found);
            MemorySegment ids = arena.allocate(ADDRESS, n);
            call(function, with(of, n, ids, MemorySegment.NULL));
            List<MemorySegment> out = new ArrayList<>();
            for (int k = 0; k < n; k++) {
                out.add(ids.getAtIndex(ADDRESS, k));
            }
            return out;
        }
    }

    private static Object[] with(Object[] first, Object... more) {
        Object[] all = new Object[first.length + more.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    private String text(String function, MemorySegment of, int what) {
        try (Arena arena = Arena.ofConfined()) {
            return string(arena, function, of, what);
        }
    }

    /** What a function that fills a given room says. */
    String string(Arena arena, String function, Object... of) {
        MemorySegment size = arena.allocate(JAVA_LONG);
        call(function, with(of, 0L, MemorySegment.NULL, size));
        int n = (int) size.get(JAVA_LONG, 0);
        MemorySegment bytes = arena.allocate(n + 1L);
        call(function, with(of, (long) n, bytes, MemorySegment.NULL));
        String text = new String(bytes.toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    private long number(MemorySegment device, int what) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_LONG); // zeros, of which 4 or 8 are written
            call("clGetDeviceInfo", device, what, 8L, value, MemorySegment.NULL);
            return value.get(JAVA_LONG, 0);
        }
    }
}
