/** Splats on a GPU, or another device, by OpenCL. */
@NullMarked
package org.perseid.renderer.backend.opencl;

import org.jspecify.annotations.NullMarked;
