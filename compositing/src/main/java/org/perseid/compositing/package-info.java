/**
 * Partial images of many ranks become one image. Empty so far: one process draws the whole picture.
 */
@NullMarked
package org.perseid.compositing;

import org.jspecify.annotations.NullMarked;
