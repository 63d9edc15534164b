/** HTTP and WebSocket server, and the browser client. */
@NullMarked
package org.perseid.web;

import org.jspecify.annotations.NullMarked;
