/** The built-in data set: a spiral galaxy in a small cosmic web. */
@NullMarked
package org.perseid.io.demo;

import org.jspecify.annotations.NullMarked;
