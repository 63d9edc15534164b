/** Tipsy files. */
@NullMarked
package org.perseid.io.tipsy;

import org.jspecify.annotations.NullMarked;
