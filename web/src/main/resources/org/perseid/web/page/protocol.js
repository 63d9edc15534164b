// The binary part of perseid.v1; docs/protocol.md has the layout.

export const PROTOCOL = 'perseid.v1';
export const STAGES = ['moving', 'refined', 'final'];
const FRAME = 1;
const VERSION = 1;
const TYPES = {1: 'image/jpeg', 2: 'image/png', 3: 'image/jpeg'};
const TILES = 3;
const TILES_AT = 120;

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
  const tiles = view.getUint8(12) === TILES ? decodeTiles(view, header) : null;
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
    tiles,
    bytes: buffer.byteLength,
    data: new Uint8Array(buffer, header),
  };
}

/** The tiles that differ from the frame before: where each is in the data's picture, and where it belongs. */
function decodeTiles(view, end) {
  const side = view.getUint16(TILES_AT, true);
  const across = view.getUint16(TILES_AT + 2, true);
  const columns = Math.ceil(view.getInt32(32, true) / side);
  const places = [];
  for (let at = TILES_AT + 4; at < end; at += 2) {
    const k = places.length;
    const number = view.getUint16(at, true);
    places.push({
      fromX: k % across * side,
      fromY: Math.floor(k / across) * side,
      x: number % columns * side,
      y: Math.floor(number / columns) * side,
    });
  }
  return {side, places};
}
