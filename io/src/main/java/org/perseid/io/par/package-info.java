/** Splotch parameter files: parsed once, checked as a whole, turned into typed records. */
@NullMarked
package org.perseid.io.par;

import org.jspecify.annotations.NullMarked;
