package org.perseid.renderer.backend.opencl;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * An OpenCL device.
 *
 * @param id handle
 * @param name of the device
 * @param platform name of its driver
 * @param isGpu whether it is a graphics processor
 * @param units compute units
 * @param maxGroup most work items of a group
 * @param memoryBytes of its global memory
 * @param maxBufferBytes of one buffer
 * @param extensions names, separated by spaces
 */
record Device(
        MemorySegment id,
        String name,
        String platform,
        boolean isGpu,
        int units,
        int maxGroup,
        long memoryBytes,
        long maxBufferBytes,
        String extensions) {
    /**
     * Whether it has what is needed: double precision, 64-bit atomics, and a JVM that stays safe.
     */
    boolean isUsable() {
        return missing().isEmpty();
    }

    /** The first thing that it lacks, as an extension; empty for none. */
    String missing() {
        if (!OpenCl.SIGNALS_ARE_CHAINED) {
            return "signal chaining (start by ./perseid, or with LD_PRELOAD="
                    + System.getProperty("java.home")
                    + "/lib/libjsig.so)";
        }
        for (String needed : new String[] {"cl_khr_fp64", "cl_khr_int64_base_atomics"}) {
            if (!(" " + extensions + " ").contains(" " + needed + " ")) {
                return needed;
            }
        }
        return "";
    }

    /** One line for a list of devices. */
    String describe() {
        return String.format(
                Locale.ROOT,
                "%s, %s, %s, %d units, %.1f GiB",
                name,
                isGpu ? "GPU" : "CPU",
                platform,
                units,
                memoryBytes / 0x1p30);
    }
}
