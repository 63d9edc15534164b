/** Frames to films, by ffmpeg. */
@NullMarked
package org.perseid.io.movie;

import org.jspecify.annotations.NullMarked;
