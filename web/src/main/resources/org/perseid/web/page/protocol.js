// The binary part of perseid.v1; docs/protocol.md has the layout.

export const PROTOCOL = 'perseid.v1';
export const STAGES = ['moving', 'refined', 'final'];
const FRAME = 1;
const VERSION = 1;
const TYPES = {1: 'image/jpeg', 2: 'image/png'};

/** The frame in a binary message; throws when it is none. */
export function decodeFrame(buffer) {
  const view = new DataView(buffer);
  if (buffer.byteLength < 4 || view.getUint8(0) !== FRAME) {
    throw new Error('not a frame');
  }
  if (view.getUint8(1) !== VERSION) {
    throw new Error('a frame of version ' + view.getUint8(1) + '; this page knows ' + VERSION);
  }
  const header = view.getUint16(2, true);
  const camera = [];
  for (let k = 0; k < 10; k++) {
    camera.push(view.getFloat64(40 + 8 * k, true));
  }
  return {
    sequence: view.getUint32(4, true),
    event: view.getUint32(8, true),
    type: TYPES[view.getUint8(12)],
    stage: STAGES[view.getUint8(13)],
    quality: view.getUint8(14),
    sentMillis: view.getFloat64(16, true),
    renderMillis: view.getFloat32(24, true),
    encodeMillis: view.getFloat32(28, true),
    width: view.getInt32(32, true),
    height: view.getInt32(36, true),
    camera,
    bytes: buffer.byteLength,
    data: new Uint8Array(buffer, header),
  };
}
