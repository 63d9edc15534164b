/** Frames, events and calls between a program and its viewers. Empty so far. */
@NullMarked
package org.perseid.streaming;

import org.jspecify.annotations.NullMarked;
