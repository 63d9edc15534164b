/** Smoothing lengths from the nearest neighbours, for data that has none. */
@NullMarked
package org.perseid.renderer.neighbours;

import org.jspecify.annotations.NullMarked;
