package org.perseid.streaming;

/** A program that is put on the web. Its methods are called by several threads. */
public interface Program {
    /** Name, for the page's title. */
    String title();

    /** The values and actions that it offers. */
    Panel panel();

    /**
     * The stream that a viewer watches.
     *
     * @param own whether the viewer wants a view of its own; a program that has only one view
     *     returns that
     */
    FrameStream streamFor(Viewer viewer, boolean own);

    /** Something that a viewer did, who may steer what it watches. */
    void event(Viewer viewer, Event event);

    /** A viewer watches another stream from now on. */
    default void watches(Viewer viewer) {}

    /** A viewer has gone. */
    default void left(Viewer viewer) {}
}
