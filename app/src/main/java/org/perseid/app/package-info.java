/** The command line: wires readers, renderer and writers together. */
@NullMarked
package org.perseid.app;

import org.jspecify.annotations.NullMarked;
