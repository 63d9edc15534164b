// One WebSocket: calls, notifications and frames; comes back by itself after a lost connection.

import {PROTOCOL, decodeFrame} from './protocol.js';

const RETRY_MILLIS = [300, 700, 1500, 3000, 5000];
const TICK_MILLIS = 2000;
const SLEPT_MILLIS = 8000;
const ANSWER_MILLIS = 4000;

/** What this tab was, or else the last tab of this server: the server gives a place to one of them only. */
function recall(name) {
  return sessionStorage.getItem('perseid.' + name) ?? localStorage.getItem('perseid.' + name) ?? '';
}

function remember(name, value) {
  sessionStorage.setItem('perseid.' + name, value);
  localStorage.setItem('perseid.' + name, value);
}

export class Connection {
  /**
   * @param handlers hello(result), frame(frame), state(text), and one for each notification by its name
   */
  constructor(handlers) {
    this.handlers = handlers;
    this.waiting = new Map();
    this.nextId = 1;
    this.attempt = 0;
    this.resume = recall('resume');
    this.own = recall('own') === 'true';
    this.name = recall('name');
    this.open();
    addEventListener('online', () => this.check());
    let last = Date.now();
    setInterval(() => {
      if (Date.now() - last > SLEPT_MILLIS) { // the computer was asleep
        this.check();
      }
      last = Date.now();
    }, TICK_MILLIS);
  }

  /** Whether the line still works; if not it is opened anew, since a dead line may look open for long. */
  check() {
    const socket = this.socket;
    if (!this.isOpen) {
      return;
    }
    const giveUp = setTimeout(() => {
      if (socket === this.socket) {
        socket.onclose = socket.onmessage = null;
        socket.close();
        this.lost({reason: 'no answer'});
      }
    }, ANSWER_MILLIS);
    this.call('link').catch(() => {}).finally(() => clearTimeout(giveUp));
  }

  open() {
    const url = new URL('ws', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.search = '';
    url.hash = '';
    const socket = new WebSocket(url, PROTOCOL);
    socket.binaryType = 'arraybuffer';
    this.opened = false;
    socket.onopen = () => { this.opened = true; this.greet(); };
    socket.onmessage = event => this.receive(event.data);
    socket.onclose = event => this.lost(event);
    this.socket = socket;
  }

  async greet() {
    try {
      const hello = await this.call('hello',
          {protocol: PROTOCOL, resume: this.resume, own: this.own, name: this.name, tiles: true});
      this.attempt = 0;
      this.resume = hello.resume;
      remember('resume', hello.resume);
      this.handlers.state('connected');
      this.handlers.hello(hello);
    } catch (error) {
      this.handlers.state('refused: ' + error.message);
    }
  }

  lost(event) {
    for (const call of this.waiting.values()) {
      call.reject(new Error('the connection was lost'));
    }
    this.waiting.clear();
    const wait = RETRY_MILLIS[Math.min(this.attempt, RETRY_MILLIS.length - 1)];
    this.attempt++;
    const reason = event.reason ? ' (' + event.reason + ')' : '';
    this.handlers.state('connection lost' + reason + ', trying again …');
    setTimeout(() => this.open(), wait);
    if (!this.opened) {
      this.explain();
    }
  }

  /** A browser does not say why it was not let in; a page of the same server does. */
  async explain() {
    try {
      const reply = await fetch('icon.svg');
      if (reply.status === 401) {
        this.handlers.state('not let in: the program was started anew; open the address that it printed');
      }
    } catch {
      // there is no server
    }
  }

  receive(data) {
    if (typeof data !== 'string') {
      this.handlers.frame(decodeFrame(data));
      return;
    }
    const message = JSON.parse(data);
    if (message.method === 'ping') {
      this.tell('pong', message.params);
      return;
    }
    if (message.method) {
      this.handlers[message.method]?.(message.params);
      return;
    }
    const call = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (call && message.error) {
      call.reject(new Error(message.error.message));
    } else if (call) {
      call.resolve(message.result);
    } else if (message.error) {
      this.handlers.problem(message.error);
    }
  }

  get isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Calls a method; a promise of its result. */
  call(method, params = {}) {
    if (!this.isOpen) {
      return Promise.reject(new Error('not connected'));
    }
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, {resolve, reject});
      this.socket.send(JSON.stringify({jsonrpc: '2.0', id, method, params}));
    });
  }

  /** Says something that is not answered. */
  tell(method, params) {
    if (this.isOpen) {
      this.socket.send(JSON.stringify({jsonrpc: '2.0', method, params}));
    }
  }

  setOwn(own) {
    this.own = own;
    remember('own', String(own));
    return this.call('view', {own});
  }

  rename(name) {
    this.name = name;
    remember('name', name);
    return this.call('rename', {name});
  }
}
