"""Perseid in a notebook or a script: starts a live session, shows its page in a cell, and steers it.

    import perseid
    view = perseid.show("snapshot_063")          # in a notebook: the page in the cell below
    view.set(palette0="viridis", pic_gamma=1.2)  # what the panel can set, by the keys of parameter files
    view.camera(eye=[100, 0, 0], target=[0, 0, 0])
    open("picture.png", "wb").write(view.picture(width=3840))
    print(view.parameters())                     # a parameter file that draws what is seen

Nothing but Python 3 is needed; methods and values are those of docs/protocol.md.
"""

import atexit
import html
import json
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "perseid")


class PerseidError(Exception):
    """What the session answered, or why there is none."""


class View:
    """A live session. In a notebook it shows itself; the session ends with `close` or with Python."""

    def __init__(self, url, process=None, height=600):
        parts = urllib.parse.urlsplit(url)
        self.url = url
        self.height = height
        self._base = parts._replace(query="", path=parts.path or "/").geturl()
        self._token = urllib.parse.parse_qs(parts.query).get("token", [""])[0]
        self._process = process
        self._calls = 0

    def call(self, method, **params):
        """Calls a method of the session and returns its result."""
        self._calls += 1
        message = {"jsonrpc": "2.0", "id": self._calls, "method": method, "params": params}
        reply = json.loads(self._fetch("call", json.dumps(message).encode()))
        if "error" in reply:
            raise PerseidError(reply["error"]["message"])
        return reply["result"]

    def _fetch(self, path, data=None):
        request = urllib.request.Request(
            urllib.parse.urljoin(self._base, path), data, {"Authorization": "Bearer " + self._token})
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.read()
        except urllib.error.HTTPError as error:
            raise PerseidError(error.read().decode(errors="replace").strip()) from None
        except urllib.error.URLError as error:
            raise PerseidError("the session cannot be reached: %s" % error.reason) from None

    def set(self, **values):
        """Sets values of the panel, as palette0="viridis"."""
        self.call("set", values=values)

    def values(self):
        """All values of the panel."""
        groups = self.call("panel")["groups"]
        return {e["id"]: e["value"] for g in groups for e in g["elements"] if "value" in e}

    def camera(self, **numbers):
        """Moves the shared camera: eye, target and up are three numbers each, fov is in degrees."""
        self.call("camera", **numbers)

    def picture(self, width=None, format="png"):
        """The picture as the bytes of a file, drawn exactly: png, or the light as exr or fits."""
        params = {"format": format} if width is None else {"format": format, "width": width}
        return self._fetch("files/" + self.call("picture", **params)["token"])

    def parameters(self):
        """A parameter file that draws what is seen."""
        return self._fetch("files/" + self.call("parameters")["token"]).decode()

    def close(self):
        """Ends the session, where it was started by `show`."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process.stdout.close()
            self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _repr_html_(self):
        return '<iframe src="%s" width="100%%" height="%d" style="border: 0"></iframe>' % (
            html.escape(self.url, quote=True), self.height)


def connect(url, height=600):
    """A session that runs already, by the address that it printed."""
    return View(url, height=height)


def show(file, *options, height=600, program=PROGRAM):
    """Starts a session of a parameter file, snapshot or store; options are those of `perseid serve`."""
    process = subprocess.Popen(
        [program, "serve", os.fspath(file), "--port=0", "--embed", "--quiet", *options],
        stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        if line.startswith("open "):
            view = View(line.split()[1], process, height)
            atexit.register(view.close)
            return view
    raise PerseidError("perseid serve ended with %d; it says why on standard error" % process.wait())
