/** The scalar kernels: the specification that every other back end is tested against. */
@NullMarked
package org.perseid.renderer.backend.scalar;

import org.jspecify.annotations.NullMarked;
