/** HDF5 files of simulation codes and plain ones. */
@NullMarked
package org.perseid.io.hdf5;

import org.jspecify.annotations.NullMarked;
