package org.perseid.io.gadget;

/** Bytes of a file: a record, or one of the pieces that a record over 2 GiB was written in. */
record Extent(long offset, long length) {}
