/** The provider interface of the splat kernels, and their choice. */
@NullMarked
package org.perseid.renderer.backend;

import org.jspecify.annotations.NullMarked;
