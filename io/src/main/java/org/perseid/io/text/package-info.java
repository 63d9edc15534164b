/** Tables as text: CSV and columns with blanks between them. */
@NullMarked
package org.perseid.io.text;

import org.jspecify.annotations.NullMarked;
