/**
 * Particles, cameras, colour maps, settings and images: the values that the other modules exchange
 * with the renderer.
 */
@NullMarked
package org.perseid.renderer.model;

import org.jspecify.annotations.NullMarked;
