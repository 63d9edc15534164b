/**
 * The wire protocols of WSRTI and of Splotch's server, so that their clients can steer programs
 * that are put on the web with this library. Facts of both are in docs/protocol.md.
 */
@NullMarked
package org.perseid.streaming.wsrti;

import org.jspecify.annotations.NullMarked;
