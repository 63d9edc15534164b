package org.perseid.io.par;

import org.perseid.renderer.model.Camera;

/**
 * One of the pictures of a frame.
 *
 * @param prefix put before the file's name; empty when the frame has one picture
 * @param camera where it is taken from
 */
public record View(String prefix, Camera camera) {}
