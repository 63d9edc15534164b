package org.perseid.io.par;

import org.perseid.io.snapshot.LoadRequest;
import org.perseid.renderer.model.TypeStyle;

/**
 * A displayed type.
 *
 * @param request what to read
 * @param style how to show it
 * @param colorBySize colour is the smoothing length, whether read or computed
 */
public record TypeParameters(LoadRequest request, TypeStyle style, boolean colorBySize) {}
