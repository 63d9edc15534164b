/** What a snapshot is, whatever its format, and the provider interface of the formats. */
@NullMarked
package org.perseid.io.snapshot;

import org.jspecify.annotations.NullMarked;
