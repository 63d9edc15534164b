package org.perseid.io.par;

/**
 * A frame of an animation, or the only one.
 *
 * @param number in the names of its files
 * @param job all that the parameter file and the scene file say of it
 */
public record FrameJob(int number, RenderJob job) {}
