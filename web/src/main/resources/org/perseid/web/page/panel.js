// Builds the panel from the program's description, and follows its values.

const SEND_EVERY_MILLIS = 60;

function number(v) {
  return Number.isFinite(v) ? String(Number(v.toPrecision(6))) : '';
}

export class PanelView {
  /**
   * @param root where the groups go
   * @param connection for calls
   * @param problem gets the message of a refused change
   */
  constructor(root, connection, problem) {
    this.root = root;
    this.connection = connection;
    this.problem = problem;
    this.controls = new Map();
    this.followers = new Map();
    this.pending = new Map();
    this.colorMaps = {}; // name to red, green, blue, red, ... from 0 to 255 at equal steps
    this.opened = new Map();
  }

  build(panel) {
    for (const details of this.root.querySelectorAll('details.group')) {
      this.opened.set(details.dataset.title, details.open);
    }
    this.root.replaceChildren();
    this.controls.clear();
    this.followers.clear();
    for (const group of panel.groups) {
      const details = document.createElement('details');
      details.className = 'group';
      details.dataset.title = group.title;
      details.open = this.opened.get(group.title) ?? group.open;
      const summary = document.createElement('summary');
      summary.textContent = group.title;
      details.append(summary);
      for (const element of group.elements) {
        const range = /^color_min(\d+)$/.exec(element.id);
        if (range) {
          details.append(this.histogram(Number(range[1])));
        }
        details.append(this.row(element));
      }
      this.root.append(details);
    }
  }

  row(element) {
    const row = document.createElement('div');
    row.className = 'row';
    row.title = element.help || '';
    const control = this['make_' + element.kind]?.(element, row) ?? this.make_display(element, row);
    const follower = this.followers.get(element.id);
    const show = control.show;
    if (follower) {
      control.show = value => { show(value); follower(value); };
    }
    this.controls.set(element.id, control);
    control.show(element.value);
    return row;
  }

  label(element, row, target) {
    const label = document.createElement('label');
    label.textContent = element.label + (element.unit ? ' (' + element.unit + ')' : '');
    target.id = 'element-' + element.id;
    label.htmlFor = target.id;
    row.append(label);
  }

  /** The newest value of each element is sent a few times a second. */
  set(id, value) {
    if (this.pending.size === 0) {
      setTimeout(() => this.send(), SEND_EVERY_MILLIS);
    }
    this.pending.set(id, value);
  }

  send() {
    if (this.pending.size === 0) {
      return;
    }
    const values = Object.fromEntries(this.pending);
    this.pending.clear();
    this.connection.call('set', {values}).catch(error => {
      this.problem(error.message);
      this.connection.call('panel').then(panel => this.build(panel)).catch(() => {});
    });
  }

  /** Presses a button; changes made before come first, so that undo takes them back. */
  press(id) {
    this.send();
    this.connection.call('press', {id}).catch(e => this.problem(e.message));
  }

  changed(values) {
    for (const [id, value] of Object.entries(values)) {
      if (!this.pending.has(id)) {
        this.controls.get(id)?.show(value);
      }
    }
  }

  make_button(element, row) {
    row.className = 'row buttons';
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = element.label;
    button.id = 'element-' + element.id;
    button.onclick = () => this.press(element.id);
    row.append(button);
    return {show() {}};
  }

  make_check(element, row) {
    const box = document.createElement('input');
    box.type = 'checkbox';
    this.label(element, row, box);
    row.append(box);
    box.onchange = () => this.set(element.id, box.checked);
    return {show: value => { box.checked = value; }};
  }

  make_text(element, row) {
    const field = document.createElement('input');
    field.type = 'text';
    this.label(element, row, field);
    row.append(field);
    field.onchange = () => this.set(element.id, field.value);
    return {show: value => { if (document.activeElement !== field) field.value = value; }};
  }

  make_number(element, row) {
    const field = this.numberField(element);
    this.label(element, row, field);
    row.append(field);
    return {show: value => { if (document.activeElement !== field) field.value = number(value); }};
  }

  numberField(element) {
    const field = document.createElement('input');
    field.type = 'number';
    field.step = 'any';
    field.min = element.min;
    field.max = element.max;
    field.onchange = () => {
      if (field.checkValidity() && field.value !== '') {
        this.set(element.id, Number(field.value));
      } else {
        this.problem(element.label + ' must be a number from ' + element.min + ' to ' + element.max);
      }
    };
    return field;
  }

  make_slider(element, row) {
    return this.sliderAndField(element, row, v => v, v => v, element.min, element.max);
  }

  /** Three orders of magnitude to each side of the value that it had first. */
  make_log_slider(element, row) {
    const middle = Math.log10(element.value > 0 ? element.value : 1);
    return this.sliderAndField(
        element, row, v => Math.log10(Math.max(v, 1e-30)), v => 10 ** v,
        Math.max(Math.log10(element.min), middle - 3), Math.min(Math.log10(element.max), middle + 3));
  }

  sliderAndField(element, row, toPlace, toValue, min, max) {
    const both = document.createElement('div');
    both.className = 'number';
    const slider = document.createElement('input');
    slider.type = 'range';
    slider.step = 'any';
    slider.min = min;
    slider.max = max;
    const field = this.numberField(element);
    field.setAttribute('aria-label', element.label + ', value');
    this.label(element, row, slider);
    both.append(slider, field);
    row.append(both);
    slider.oninput = () => {
      const value = toValue(Number(slider.value));
      field.value = number(value);
      this.set(element.id, value);
    };
    slider.ondblclick = () => this.set(element.id, element.value);
    return {show: value => {
      if (document.activeElement !== slider) slider.value = toPlace(value);
      if (document.activeElement !== field) field.value = number(value);
      slider.setAttribute('aria-valuetext', number(value) + ' ' + (element.unit || ''));
    }};
  }

  make_choice(element, row) {
    const select = document.createElement('select');
    for (const option of element.options || []) {
      select.add(new Option(option, option));
    }
    this.label(element, row, select);
    row.append(select);
    select.onchange = () => this.set(element.id, select.value);
    return {show: value => { select.value = value; }};
  }

  make_colormap(element, row) {
    const control = this.make_choice(element, row);
    const canvas = document.createElement('canvas');
    canvas.className = 'preview';
    canvas.width = 256;
    canvas.height = 1;
    canvas.setAttribute('aria-hidden', 'true');
    row.append(canvas);
    return {show: value => { control.show(value); this.paint(canvas, value); }};
  }

  paint(canvas, name) {
    const reversed = name.endsWith('_r');
    const colors = this.colorMaps[reversed ? name.slice(0, -2) : name];
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, canvas.width, 1);
    if (!colors) {
      return;
    }
    const gradient = context.createLinearGradient(0, 0, canvas.width, 0);
    const n = colors.length / 3 - 1;
    for (let k = 0; k <= n; k++) {
      const at = reversed ? 1 - k / n : k / n;
      gradient.addColorStop(at, `rgb(${colors.slice(3 * k, 3 * k + 3).join()})`);
    }
    context.fillStyle = gradient;
    context.fillRect(0, 0, canvas.width, 1);
  }

  make_display(element, row) {
    const output = document.createElement('output');
    this.label(element, row, output);
    row.append(output);
    return {show: value => { output.textContent = value; }};
  }

  make_upload(element, row) {
    const field = document.createElement('input');
    field.type = 'file';
    this.label(element, row, field);
    row.append(field);
    field.onchange = async () => {
      const file = field.files[0];
      const query = new URLSearchParams({key: this.connection.resume, id: element.id, name: file.name});
      const reply = await fetch('upload?' + query, {method: 'POST', body: file});
      if (!reply.ok) {
        this.problem(await reply.text());
      }
    };
    return {show() {}};
  }

  make_plot(element, row) {
    const canvas = document.createElement('canvas');
    canvas.className = 'plot';
    canvas.width = 560;
    canvas.height = 180;
    canvas.setAttribute('role', 'img');
    row.append(canvas);
    const points = [];
    const control = {
      show() {},
      add: point => {
        points.push(point);
        while (points.length > 2000) points.shift();
        if (!control.drawing) {
          control.drawing = true;
          requestAnimationFrame(() => { control.drawing = false; drawCurve(canvas, points, element.label); });
        }
      },
    };
    return control;
  }

  /** A histogram of a type's colours with the ends of the range as handles; the fields below do the same by keys. */
  histogram(type) {
    const canvas = document.createElement('canvas');
    canvas.className = 'histogram';
    canvas.width = 560;
    canvas.height = 128;
    canvas.id = 'histogram-' + type;
    canvas.setAttribute('aria-hidden', 'true');
    const state = {canvas, type, data: null, ends: [0, 1]};
    for (const [k, id] of [[0, 'color_min' + type], [1, 'color_max' + type]]) {
      this.followers.set(id, value => { state.ends[k] = value; paintHistogram(state); });
    }
    const refresh = () => this.connection.call('histogram', {type}).then(data => {
      state.data = data;
      paintHistogram(state);
    }).catch(() => {});
    this.followers.set('color_label' + type, refresh);
    this.followers.set('scale' + type, refresh);
    new IntersectionObserver(entries => { if (entries[0].isIntersecting) refresh(); }).observe(canvas);
    let held = -1;
    const valueAt = event => {
      const box = canvas.getBoundingClientRect();
      const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      const [low, high] = histogramEnds(state);
      return low + part * (high - low);
    };
    canvas.onpointerdown = event => {
      if (!state.data) return;
      canvas.setPointerCapture(event.pointerId);
      const value = valueAt(event);
      held = Math.abs(value - state.ends[0]) <= Math.abs(value - state.ends[1]) ? 0 : 1;
      canvas.onpointermove(event);
    };
    canvas.onpointermove = event => {
      if (held < 0) return;
      const value = valueAt(event);
      const ends = [...state.ends];
      ends[held] = value;
      if (ends[0] < ends[1]) {
        state.ends = ends;
        this.set((held === 0 ? 'color_min' : 'color_max') + type, value);
        this.controls.get((held === 0 ? 'color_min' : 'color_max') + type)?.show(value);
        paintHistogram(state);
      }
    };
    canvas.onpointerup = () => { held = -1; };
    return canvas;
  }

  plot(id, x, y) {
    this.controls.get(id)?.add?.([x, y]);
  }
}

/** What the histogram shows: the data's values and the range. */
function histogramEnds(state) {
  const low = Math.min(state.data.min, state.ends[0]);
  const high = Math.max(state.data.max, state.ends[1]);
  return high > low ? [low, high] : [low - 1, low + 1];
}

function paintHistogram(state) {
  const {canvas, data, ends} = state;
  if (!data || !data.counts.length) return;
  const context = canvas.getContext('2d');
  const [low, high] = histogramEnds(state);
  const x = v => (v - low) / (high - low) * canvas.width;
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = getComputedStyle(canvas).color;
  const most = Math.log1p(Math.max(...data.counts));
  const step = (data.max - data.min) / data.counts.length;
  data.counts.forEach((count, k) => {
    const height = Math.log1p(count) / most * (canvas.height - 8);
    const from = x(data.min + k * step);
    context.globalAlpha = 0.55;
    context.fillRect(from, canvas.height - height, Math.max(1, x(data.min + (k + 1) * step) - from), height);
  });
  context.globalAlpha = 1;
  context.fillStyle = '#4c9bf5';
  for (const end of ends) {
    context.fillRect(Math.min(canvas.width - 5, Math.max(0, x(end) - 2)), 0, 5, canvas.height);
  }
}

function drawCurve(canvas, points, label) {
  const context = canvas.getContext('2d');
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const xs = points.map(p => p[0]);
  const ys = points.map(p => p[1]);
  const x0 = Math.min(...xs);
  const x1 = Math.max(...xs);
  const y0 = Math.min(...ys);
  const y1 = Math.max(...ys);
  context.strokeStyle = style.color;
  context.fillStyle = style.color;
  context.lineWidth = 2;
  context.beginPath();
  for (const [x, y] of points) {
    const px = (x - x0) / Math.max(x1 - x0, 1e-300) * canvas.width;
    const py = canvas.height - 8 - (y - y0) / Math.max(y1 - y0, 1e-300) * (canvas.height - 40);
    context.lineTo(px, py);
  }
  context.stroke();
  context.font = '20px sans-serif';
  context.fillText(label + '  ' + number(ys[ys.length - 1]), 6, 22);
  canvas.setAttribute('aria-label', `${label}: ${number(ys[ys.length - 1])}, from ${number(y0)} to ${number(y1)}`);
}
