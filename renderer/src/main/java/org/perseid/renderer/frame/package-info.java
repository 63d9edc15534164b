/** From particles and a camera to a linear image, and from there to a picture. */
@NullMarked
package org.perseid.renderer.frame;

import org.jspecify.annotations.NullMarked;
