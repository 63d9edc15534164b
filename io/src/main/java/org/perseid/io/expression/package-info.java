/** Formulas over fields, as users write them in parameter files, compiled. */
@NullMarked
package org.perseid.io.expression;

import org.jspecify.annotations.NullMarked;
