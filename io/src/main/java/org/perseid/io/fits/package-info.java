/** FITS tables, cubes and images. */
@NullMarked
package org.perseid.io.fits;

import org.jspecify.annotations.NullMarked;
