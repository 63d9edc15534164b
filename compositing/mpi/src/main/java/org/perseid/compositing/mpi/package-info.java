/** Ranks that Open MPI started, by its Java bindings. The only code that sees package mpi. */
@NullMarked
package org.perseid.compositing.mpi;

import org.jspecify.annotations.NullMarked;
