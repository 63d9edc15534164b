package org.perseid.renderer.model;

/** Where pictures that become one are in the end, and as what. */
public sealed interface Ending {
    /** Light, at number 0. */
    record Light() implements Ending {}

    /**
     * Levels, at number 0: whole numbers in the place of the light, made by whoever has finished a
     * part, so that less travels.
     */
    record OfLevels(Levels levels) implements Ending {}

    /** Light, each row at the one who has finished it. */
    record Apart() implements Ending {}
}
