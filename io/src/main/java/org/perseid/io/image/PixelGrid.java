package org.perseid.io.image;

/**
 * Where the pixels of a float layer are, in a plane through the target.
 *
 * @param pixelSide side of a pixel at the target's distance, in {@code lengthUnit}
 * @param centreX length at the middle of the picture, along its rows
 * @param centreY length at the middle, along its columns
 * @param lengthUnit name; empty when pixels have no length, as on a fisheye
 * @param valueUnit unit of the values
 */
public record PixelGrid(
        double pixelSide, double centreX, double centreY, String lengthUnit, String valueUnit) {}
