/** Gadget-2 binary snapshots, formats 1 and 2. */
@NullMarked
package org.perseid.io.gadget;

import org.jspecify.annotations.NullMarked;
