/**
 * Groups of ranks, plans by which they exchange parts of images, and how images become one. Knows
 * images as planes of floats and data as rows of bytes, nothing of particles.
 */
@NullMarked
package org.perseid.compositing;

import org.jspecify.annotations.NullMarked;
