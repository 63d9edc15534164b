package org.perseid.io.snapshot;

import java.util.List;

/**
 * A field of a snapshot.
 *
 * @param name as in the file
 * @param description what it usually holds; empty when unknown
 * @param unit as far as the format says; empty when unknown
 * @param elementType {@code f4, f8, u4} or {@code u8}
 * @param components values a particle
 * @param types particle types of the file that have it
 */
public record FieldInfo(
        String name,
        String description,
        String unit,
        String elementType,
        int components,
        List<Integer> types) {}
