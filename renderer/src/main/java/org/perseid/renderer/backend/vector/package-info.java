/**
 * The vector back end: SIMD kernels on the CPU by the incubating Vector API. Its classes are loaded
 * only when the Java machine was started with that module. Every method has one short loop of few
 * vector operations, because a vector that crosses a call which is not inlined is put on the heap.
 */
@NullMarked
package org.perseid.renderer.backend.vector;

import org.jspecify.annotations.NullMarked;
