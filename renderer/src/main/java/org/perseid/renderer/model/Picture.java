package org.perseid.renderer.model;

/**
 * A finished picture.
 *
 * @param width pixels
 * @param height pixels
 * @param rgb {@code 3*width*height} bytes, red green blue, row by row, the top row first
 */
@SuppressWarnings("ArrayRecordComponent") // a buffer with its shape, handed over once
public record Picture(int width, int height, byte[] rgb) {}
