package org.perseid.io.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * Which fields are position, velocity, mass, id and size, by the format's names; three fields with
 * commas between them are one vector.
 *
 * @param position always there for types that can be drawn
 * @param size the smoothing length that {@code init} proposes
 * @param supportPerSize radius of the kernel's support in units of that field
 */
public record Roles(
        String position,
        @Nullable String velocity,
        @Nullable String mass,
        @Nullable String id,
        @Nullable String size,
        double supportPerSize) {}
