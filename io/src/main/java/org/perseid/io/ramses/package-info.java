/** RAMSES outputs. */
@NullMarked
package org.perseid.io.ramses;

import org.jspecify.annotations.NullMarked;
