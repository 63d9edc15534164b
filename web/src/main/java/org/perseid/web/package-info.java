/** HTTP and WebSocket server, and the browser client. Empty so far. */
@NullMarked
package org.perseid.web;

import org.jspecify.annotations.NullMarked;
