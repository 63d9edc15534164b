/** Pictures as JPEG files, by TurboJPEG where it is installed. */
@NullMarked
package org.perseid.streaming.jpeg;

import org.jspecify.annotations.NullMarked;
