/** HACC GenericIO files. */
@NullMarked
package org.perseid.io.genericio;

import org.jspecify.annotations.NullMarked;
