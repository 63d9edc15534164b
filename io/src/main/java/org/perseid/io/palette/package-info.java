/** Colour maps from palette files and by name. */
@NullMarked
package org.perseid.io.palette;

import org.jspecify.annotations.NullMarked;
