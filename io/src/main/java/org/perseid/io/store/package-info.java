/** Particle stores: files that are drawn straight from their mapping; see docs/store.md. */
@NullMarked
package org.perseid.io.store;

import org.jspecify.annotations.NullMarked;
