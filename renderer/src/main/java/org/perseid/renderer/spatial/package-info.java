/** Particles in an order in which neighbours in space are neighbours in memory. */
@NullMarked
package org.perseid.renderer.spatial;

import org.jspecify.annotations.NullMarked;
