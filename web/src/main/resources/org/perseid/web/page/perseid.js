// Wires the page: connection, picture, input, panel, people and status.

import {Connection} from './connection.js';
import {Input} from './input.js';
import {PanelView} from './panel.js';
import {PictureArea} from './picture.js';

const byId = id => document.getElementById(id);
const TOAST_MILLIS = 8000;
const STATUS_EVERY_MILLIS = 1000;
const NOT_ALLOWED = -32001; // said once for all moves of a drag

let me = {viewer: 0, watchOnly: false};
let sequence = 0;
let link = {};
let latency = 0;
let lastFrame = null;
let changedAt = 0;
let refusedAt = -1e9;
const sentAt = new Map();

function toast(text, plain = false, buttons = []) {
  const box = document.createElement('div');
  box.className = plain ? 'toast plain' : 'toast';
  box.textContent = text;
  for (const [label, action] of buttons) {
    const button = document.createElement('button');
    button.textContent = label;
    button.onclick = () => { action(); box.remove(); };
    box.append(button);
  }
  byId('toasts').append(box);
  setTimeout(() => box.remove(), TOAST_MILLIS);
  while (byId('toasts').children.length > 4) {
    byId('toasts').firstChild.remove();
  }
}

const problem = message => toast(message);

function log(line) {
  const box = byId('log');
  box.textContent = (box.textContent + line + '\n').slice(-20000);
  box.scrollTop = box.scrollHeight;
}

const connection = new Connection({
  hello(hello) {
    me = hello;
    document.title = hello.title + ' · Perseid';
    byId('title').textContent = hello.title;
    describe();
    byId('save-picture').hidden = !hello.methods.includes('picture');
    byId('save-parameters').hidden = !hello.methods.includes('parameters');
    byId('name').value = hello.name;
    byId('own-view').checked = hello.own;
    byId('own-view').disabled = hello.watchOnly;
    byId('log').textContent = '';
    hello.log.forEach(log);
    panel.build(hello.panel);
    for (const [id, points] of Object.entries(hello.plots)) {
      points.forEach(p => panel.plot(id, p[0], p[1]));
    }
    this.presence(hello.presence);
    if (hello.own && !hello.resumed && lastFrame) {
      const c = lastFrame.camera; // of before the program was started again
      const camera = {eye: c.slice(0, 3), target: c.slice(3, 6), up: c.slice(6, 9), fov: c[9]};
      connection.call('camera', camera).catch(() => {});
    }
    sendSize();
    if (byId('lossless').checked) {
      connection.call('lossless', {on: true}).catch(() => {});
    }
    if (hello.methods.includes('colormaps')) {
      connection.call('colormaps').then(maps => {
        panel.colorMaps = maps;
        panel.build(hello.panel);
      }).catch(() => {});
    }
  },
  frame(frame) {
    area.show(frame).catch(error => problem('the picture could not be shown: ' + error.message));
  },
  state(text) {
    byId('state').textContent = text;
    document.body.dataset.state = text;
    if (!lastFrame) {
      byId('loading-text').textContent = text === 'connected' ? 'waiting for the first picture …' : text;
    }
  },
  changed(values) { panel.changed(values); },
  panel(description) { panel.build(description); },
  log(params) { log(params.line); },
  plot(params) { panel.plot(params.id, params.x, params.y); },
  problem(params) {
    if (params.code !== NOT_ALLOWED || performance.now() - refusedAt > TOAST_MILLIS) {
      refusedAt = params.code === NOT_ALLOWED ? performance.now() : refusedAt;
      problem(params.message);
    }
  },
  progress(params) {
    const done = params.done >= params.total;
    byId('loading').hidden = done && lastFrame;
    byId('loading').classList.toggle('small', Boolean(lastFrame));
    byId('loading-text').textContent = params.stage;
    byId('loading-bar').value = params.total > 0 ? params.done / params.total : 0;
  },
  presence(presence) {
    const driver = presence.viewers.find(v => v.id === presence.driver);
    const mine = presence.driver === me.viewer;
    byId('who').textContent =
        `${presence.viewers.length} watching` + (driver ? `, ${mine ? 'you steer' : driver.name + ' steers'}` : '');
    byId('steer').hidden = me.watchOnly || !driver || mine;
  },
  asked(params) {
    toast(`${params.name} asks for control`, true, [
      ['Give', () => connection.call('steer', {action: 'give'}).catch(() => {})],
      ['Refuse', () => connection.call('steer', {action: 'refuse'}).catch(() => {})],
    ]);
  },
  refused(params) { toast(`${params.name} keeps control`, true); },
  point(params) { showPointer(params); },
  download(params) {
    const anchor = document.createElement('a');
    anchor.href = 'files/' + params.token;
    anchor.download = params.name;
    anchor.click();
    toast('saved ' + params.name, true);
  },
  closing(params) {
    toast(params.startsAgain ? 'a process of the program has ended; it starts again with the same view' : 'the server stops', true);
  },
});

const area = new PictureArea(byId('picture'), frame => connection.tell('ack', {frame}));
const panel = new PanelView(byId('panel'), connection, problem);

function send(event) {
  sequence++;
  changedAt = performance.now();
  sentAt.set(sequence, performance.now());
  if (sentAt.size > 500) {
    sentAt.delete(sentAt.keys().next().value);
  }
  connection.tell('input', {...event, seq: sequence});
}

let lastPoint = 0;
new Input(area, send, at => {
  const now = performance.now();
  if (now - lastPoint > 80 && at.x >= 0 && at.x <= 1 && at.y >= 0 && at.y <= 1) {
    lastPoint = now;
    connection.tell('point', at);
  }
}, probe);

const short = v => Number(v.toPrecision(5)).toString();

/** Shows what is under the resting pointer. */
async function probe(at) {
  const box = byId('probe');
  box.hidden = true;
  probe.asked = at;
  if (!at || !me.methods?.includes('probe') || at.x < 0 || at.x > 1 || at.y < 0 || at.y > 1) {
    return;
  }
  try {
    const hit = await connection.call('probe', {x: at.x, y: at.y});
    if (!hit.found || probe.asked !== at) {
      return;
    }
    const field = hit.field ? `${hit.field} = ${short(hit.value)} ${hit.unit}\n` : '';
    box.textContent = `${hit.type}\n${field}at ${hit.position.map(short).join(', ')} ${hit.lengthUnit}\n` +
      `smoothing length ${short(hit.smoothingLength)} ${hit.lengthUnit}`;
    box.style.left = Math.min(at.clientX + 14, innerWidth - 220) + 'px';
    box.style.top = Math.min(at.clientY + 14, innerHeight - 90) + 'px';
    box.hidden = false;
  } catch {
    // another time
  }
}

function sendSize() {
  send({type: 'resize', width: area.canvas.width, height: area.canvas.height});
}

area.sizeChanged = () => connection.isOpen && sendSize();

/** For screen readers; a frame may come before the reply to hello, which has the title. */
function describe() {
  const c = lastFrame?.camera;
  if (c && me.title) {
    area.canvas.setAttribute('aria-label',
        `Picture of ${me.title}, ${lastFrame.stage}: from ${c.slice(0, 3).map(v => v.toPrecision(4)).join(', ')} ` +
        `to ${c.slice(3, 6).map(v => v.toPrecision(4)).join(', ')}, ${c[9].toPrecision(3)} degrees wide`);
  }
}

area.shown = frame => {
  lastFrame = frame;
  frame.shownAt = performance.now();
  byId('loading').hidden = byId('loading-bar').value >= 1 || byId('loading-bar').value === 0;
  const now = performance.now();
  for (const [number, at] of sentAt) {
    if (number <= frame.event) {
      latency = now - at;
      sentAt.delete(number);
    }
  }
  describe();
  document.body.dataset.stage = frame.stage;
  document.body.dataset.frames = String(Number(document.body.dataset.frames || 0) + 1);
};

function showPointer(params) {
  let mark = byId('pointer-' + params.viewer);
  if (!mark) {
    mark = document.createElement('div');
    mark.id = 'pointer-' + params.viewer;
    mark.className = 'pointer';
    byId('pointers').append(mark);
  }
  mark.textContent = params.name;
  const at = area.place();
  const ratio = area.canvas.width / Math.max(1, area.canvas.clientWidth);
  mark.style.left = (at.x + params.x * at.width) / ratio + 'px';
  mark.style.top = (at.y + params.y * at.height) / ratio + 'px';
  clearTimeout(mark.timer);
  mark.timer = setTimeout(() => mark.remove(), 3000);
}

setInterval(() => {
  const rates = area.rates();
  const f = lastFrame;
  byId('figures').textContent = f
    ? `${rates.frames.toFixed(0)} fps · ${latency.toFixed(0)} ms · ${(rates.bytes / 125000).toFixed(1)} Mbit/s · ` +
      `draw ${f.renderMillis.toFixed(0)} ms, encode ${f.encodeMillis.toFixed(0)} ms · ${f.width}×${f.height} ` +
      `q${f.quality} · ${f.stage}`
    : '';
}, STATUS_EVERY_MILLIS);

byId('save-picture').onclick = () => {
  byId('picture-width').value = lastFrame ? area.canvas.width : 1280;
  byId('picture-dialog').returnValue = '';
  byId('picture-dialog').showModal();
};
byId('picture-dialog').onclose = () => {
  if (byId('picture-dialog').returnValue === 'save') {
    const wanted = {width: byId('picture-width').valueAsNumber, format: byId('picture-format').value};
    connection.call('picture', wanted).catch(e => problem(e.message));
  }
};
byId('save-parameters').onclick = () => connection.call('parameters').catch(e => problem(e.message));
byId('home').onclick = () => send({type: 'key', key: 'Home', down: true, mods: 0});
byId('show-keys').onclick = () => byId('help').showModal();
byId('steer').onclick = () => connection.call('steer', {action: 'ask'}).catch(e => problem(e.message));
byId('name').onchange = event => connection.rename(event.target.value).catch(e => problem(e.message));
byId('lossless').onchange = event => {
  connection.call('lossless', {on: event.target.checked}).catch(e => problem(e.message));
};
byId('own-view').onchange = event => {
  connection.setOwn(event.target.checked).then(sendSize).catch(e => problem(e.message));
};

function toggleSide() {
  const side = byId('side');
  side.hidden = !side.hidden;
  document.body.classList.toggle('wide', side.hidden);
  byId('toggle-side').setAttribute('aria-expanded', String(!side.hidden));
}

byId('toggle-side').onclick = toggleSide;
document.addEventListener('keydown', event => {
  const typing = event.target.matches('input, select, textarea') && event.target.type !== 'checkbox';
  if (typing || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  if (event.key === '?') {
    byId('help').showModal();
  } else if (event.key.toLowerCase() === 'h') {
    toggleSide();
  } else if (event.key.toLowerCase() === 'u' || event.key.toLowerCase() === 'r') {
    const id = event.key.toLowerCase() === 'u' ? 'undo' : 'redo';
    panel.press(id);
  }
});

if (matchMedia('(max-width: 40rem)').matches) {
  toggleSide();
}

// What tests and scripts in the page look at.
window.perseid = {
  connection,
  area,
  get lastFrame() { return lastFrame; },
  /** Milliseconds since the picture became final and nothing was asked of the server; 0 before. */
  get stillMillis() {
    return lastFrame?.stage === 'final' ? performance.now() - Math.max(changedAt, lastFrame.shownAt) : 0;
  },
  get latency() { return latency; },
  distance() {
    const c = lastFrame.camera;
    return Math.hypot(c[0] - c[3], c[1] - c[4], c[2] - c[5]);
  },
};
