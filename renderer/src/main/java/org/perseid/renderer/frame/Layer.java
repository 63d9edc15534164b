package org.perseid.renderer.frame;

import org.perseid.renderer.model.ParticleSet;
import org.perseid.renderer.model.TypeStyle;

/** Particles and how they are shown. */
public record Layer(ParticleSet particles, TypeStyle style) {}
