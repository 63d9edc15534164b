/**
 * Puts a program on the web: a {@link org.perseid.streaming.Program} has a {@link
 * org.perseid.streaming.Panel} of values and actions and publishes pictures to a {@link
 * org.perseid.streaming.FrameStream}; a {@link org.perseid.streaming.Hub} brings both to any number
 * of viewers and their events and calls back. Transports give a {@link
 * org.perseid.streaming.Connection} for each viewer. The protocol is docs/protocol.md.
 */
@NullMarked
package org.perseid.streaming;

import org.jspecify.annotations.NullMarked;
