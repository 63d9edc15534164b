/** What the readers and writers share. */
@NullMarked
package org.perseid.io;

import org.jspecify.annotations.NullMarked;
