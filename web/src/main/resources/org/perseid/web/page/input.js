// Mouse, touch and keys over the picture become events; moves are sent once a frame at most.

const HELD = ['w', 'a', 's', 'd', 'q', 'e', 'arrowleft', 'arrowright', 'arrowup', 'arrowdown', '+', '=', '-', '[', ']'];
const HELD_EVERY_MILLIS = 40;
const REST_MILLIS = 350;

function mods(event) {
  return (event.shiftKey ? 1 : 0) | (event.ctrlKey || event.metaKey ? 2 : 0) | (event.altKey ? 4 : 0);
}

export class Input {
  /**
   * @param send gets each event; its result is the event's number
   * @param area PictureArea
   * @param point gets places over which the pointer moves with no button down
   * @param rest gets the place where the pointer has rested for a moment, null when it moves again
   */
  constructor(area, send, point, rest) {
    this.rest = rest;
    this.area = area;
    this.send = send;
    this.point = point;
    this.fingers = new Map();
    this.held = new Map();
    this.move = null;
    const canvas = area.canvas;
    canvas.addEventListener('pointerdown', e => this.down(e));
    canvas.addEventListener('pointermove', e => this.moved(e));
    for (const name of ['pointerup', 'pointercancel']) {
      canvas.addEventListener(name, e => this.up(e));
    }
    canvas.addEventListener('contextmenu', e => e.preventDefault());
    canvas.addEventListener('dblclick', e => this.pointer('double', e));
    canvas.addEventListener('wheel', e => this.wheel(e), {passive: false});
    canvas.addEventListener('keydown', e => this.key(e));
    canvas.addEventListener('keyup', e => this.release(e));
    canvas.addEventListener('blur', () => this.held.clear());
    canvas.addEventListener('pointerleave', () => { clearTimeout(this.resting); this.rest(null); });
    setInterval(() => this.repeat(), HELD_EVERY_MILLIS);
  }

  pointer(action, event) {
    const at = this.area.partOf(event);
    this.send({type: 'pointer', action, x: at.x, y: at.y, buttons: event.buttons, mods: mods(event)});
  }

  down(event) {
    this.area.canvas.setPointerCapture(event.pointerId);
    this.area.canvas.focus({preventScroll: true});
    this.fingers.set(event.pointerId, this.area.partOf(event));
    if (this.fingers.size === 1) {
      this.pointer('down', event);
    } else if (this.fingers.size === 2) {
      this.pinch = this.pair();
    }
  }

  moved(event) {
    clearTimeout(this.resting);
    this.rest(null);
    if (event.pointerType === 'mouse' && event.buttons === 0) {
      this.resting = setTimeout(() => this.rest({...this.area.partOf(event), clientX: event.clientX, clientY: event.clientY}), REST_MILLIS);
    }
    if (this.fingers.has(event.pointerId)) {
      this.fingers.set(event.pointerId, this.area.partOf(event));
    }
    if (!this.move) {
      requestAnimationFrame(() => this.flush());
    }
    this.move = event;
  }

  /** Sends the newest move only. */
  flush() {
    const event = this.move;
    this.move = null;
    if (!event) {
      return;
    }
    if (this.fingers.size === 2) {
      this.sendPinch();
    } else if (this.fingers.size === 1) {
      this.pointer('move', event);
    } else {
      this.point(this.area.partOf(event));
    }
  }

  up(event) {
    this.flush();
    this.fingers.delete(event.pointerId);
    if (this.fingers.size === 0) {
      this.pointer('up', event);
    }
  }

  pair() {
    const [a, b] = [...this.fingers.values()];
    const aspect = this.area.canvas.height / this.area.canvas.width;
    const dx = b.x - a.x;
    const dy = (b.y - a.y) * aspect;
    return {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(dx, dy), angle: Math.atan2(dy, dx)};
  }

  sendPinch() {
    const now = this.pair();
    const before = this.pinch;
    this.pinch = now;
    let turn = now.angle - before.angle;
    turn -= 2 * Math.PI * Math.round(turn / (2 * Math.PI));
    this.send({
      type: 'pinch', x: now.x, y: now.y, scale: now.apart / Math.max(1e-6, before.apart),
      dx: now.x - before.x, dy: now.y - before.y, turn,
    });
  }

  wheel(event) {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 3 : event.deltaMode === 2 ? 1 : 100;
    const at = this.area.partOf(event);
    this.send({type: 'wheel', x: at.x, y: at.y, steps: -event.deltaY / unit, mods: mods(event)});
  }

  key(event) {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (HELD.includes(key)) {
      event.preventDefault();
      if (!this.held.has(key)) {
        this.held.set(key, mods(event));
        this.sendKey(key, mods(event));
      }
    } else if (key === 'home') {
      event.preventDefault();
      this.sendKey('Home', 0);
    }
  }

  release(event) {
    this.held.delete(event.key.toLowerCase());
  }

  repeat() {
    for (const [key, bits] of this.held) {
      this.sendKey(key, bits);
    }
  }

  sendKey(key, bits) {
    this.send({type: 'key', key, down: true, mods: bits});
  }
}
