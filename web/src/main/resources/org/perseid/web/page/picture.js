// Draws frames into the canvas, the newest only, and counts.

export class PictureArea {
  constructor(canvas, acknowledge) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', {alpha: false});
    this.acknowledge = acknowledge;
    this.times = [];
    this.bytes = [];
    this.bitmap = null;
    this.turn = Promise.resolve();
    this.tiled = 0;
    new ResizeObserver(() => this.fit()).observe(canvas);
    this.fit();
  }

  /** The canvas gets the device's pixels; sizeChanged hears of it. */
  fit() {
    const ratio = window.devicePixelRatio || 1;
    const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
    if (width !== this.canvas.width || height !== this.canvas.height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.draw();
      this.sizeChanged?.(width, height);
    }
  }

  /** Shows a frame after those before it; decoding does not wait for them. */
  show(frame) {
    const decoding = createImageBitmap(new Blob([frame.data], {type: frame.type}));
    decoding.catch(() => {}); // is told in its turn
    const shown = this.turn.then(async () => {
      try {
        this.take(frame, await decoding);
        this.draw();
        this.count(frame);
        this.shown?.(frame);
      } finally {
        this.acknowledge(frame.sequence);
      }
    });
    this.turn = shown.catch(() => {});
    return shown;
  }

  take(frame, decoded) {
    if (frame.tiles) {
      this.lay(frame, decoded);
    } else {
      this.bitmap?.close?.();
      this.bitmap = decoded;
    }
  }

  /** Lays changed tiles over the picture. */
  lay(frame, decoded) {
    if (!(this.bitmap instanceof HTMLCanvasElement)) {
      const whole = document.createElement('canvas');
      whole.width = frame.width;
      whole.height = frame.height;
      whole.getContext('2d', {alpha: false}).drawImage(this.bitmap, 0, 0);
      this.bitmap.close();
      this.bitmap = whole;
    }
    const context = this.bitmap.getContext('2d', {alpha: false});
    const {side, places} = frame.tiles;
    for (const {fromX, fromY, x, y} of places) {
      context.drawImage(decoded, fromX, fromY, side, side, x, y, side, side);
    }
    decoded.close();
    this.tiled++;
  }

  /** Where the picture is in the canvas: as large as fits, in its shape. */
  place() {
    const {canvas, bitmap} = this;
    if (!bitmap) {
      return {x: 0, y: 0, width: canvas.width, height: canvas.height};
    }
    const scale = Math.min(canvas.width / bitmap.width, canvas.height / bitmap.height);
    const width = bitmap.width * scale;
    const height = bitmap.height * scale;
    if (canvas.width - width <= 2 && canvas.height - height <= 2) { // a smaller picture of the same shape, but for rounding
      return {x: 0, y: 0, width: canvas.width, height: canvas.height};
    }
    return {x: (canvas.width - width) / 2, y: (canvas.height - height) / 2, width, height};
  }

  draw() {
    const {canvas, context, bitmap} = this;
    context.fillStyle = '#000';
    const at = this.place();
    if (!bitmap || at.width < canvas.width || at.height < canvas.height) {
      context.fillRect(0, 0, canvas.width, canvas.height);
    }
    if (bitmap) {
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmap, at.x, at.y, at.width, at.height);
    }
  }

  /** The place of a mouse event as parts of the picture. */
  partOf(event) {
    const box = this.canvas.getBoundingClientRect();
    const ratio = this.canvas.width / Math.max(1, box.width);
    const at = this.place();
    return {
      x: ((event.clientX - box.left) * ratio - at.x) / at.width,
      y: ((event.clientY - box.top) * ratio - at.y) / at.height,
    };
  }

  count(frame) {
    this.times.push(performance.now());
    this.bytes.push(frame.bytes);
    this.trim();
  }

  /** Forgets what is older than two seconds. */
  trim() {
    const now = performance.now();
    while (this.times.length && now - this.times[0] > 2000) {
      this.times.shift();
      this.bytes.shift();
    }
  }

  /** Frames and bytes a second over the last two seconds. */
  rates() {
    this.trim();
    return {frames: this.times.length / 2, bytes: this.bytes.reduce((a, b) => a + b, 0) / 2};
  }
}
