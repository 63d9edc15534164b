/** How a program of one's own is watched and steered in the browser. */
@NullMarked
package org.perseid.examples.nbody;

import org.jspecify.annotations.NullMarked;
