/** Pictures to files: PPM, TGA and PNG. */
@NullMarked
package org.perseid.io.image;

import org.jspecify.annotations.NullMarked;
