package org.perseid.compositing;

/** A way to start ranks, found by {@link java.util.ServiceLoader}. */
public interface GroupProvider {
    /**
     * Joins the ranks that were started with this process.
     *
     * @throws GroupException with what to do when it cannot be done
     */
    Group join();
}
