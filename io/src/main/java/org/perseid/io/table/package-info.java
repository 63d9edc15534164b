/** Splotch's own tables, blocks and meshes of bare floats. */
@NullMarked
package org.perseid.io.table;

import org.jspecify.annotations.NullMarked;
