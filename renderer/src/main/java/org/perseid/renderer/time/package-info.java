/** Particles between two snapshots. */
@NullMarked
package org.perseid.renderer.time;

import org.jspecify.annotations.NullMarked;
