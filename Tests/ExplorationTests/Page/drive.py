"""Drives a page in headless Chromium through the DevTools protocol and prints what it found.

Usage: drive.py CHROMIUM PAGE STEPS

PAGE is a file; STEPS is a file with a JSON list of steps, each an object with one member:
  open   text behind `#`: loads the page anew
  size   [width, height] of the window in CSS pixels
  dark   true or false: the colour scheme that the system prefers
  value  JavaScript expression (or promise): its value is a result
  hover  number of a design: moves the mouse onto its point
  click  number of a design: clicks its point
  tap    number of a design: taps its point with a finger
  press  CSS selector: clicks the middle of the element
  drag   [x, y, x, y]: presses the button, moves, releases
  keys   names of keys, pressed one after the other
  enter  [CSS selector, text]: replaces the text of a field and leaves it
  save   CSS selector: presses the middle of the element, which must save a file; the text of the
         file is a result
  screenshot  path of a PNG file, for people

Prints {"values": [...], "errors": [...]}: the values of the steps `value`, and all exceptions,
messages of errors and warnings, and requests for anything but the page.
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile


class Browser:
    """Chromium with the protocol on its file descriptors 3 and 4, messages ended by NUL."""

    def __init__(self, executable, profile):
        reads, self.output = os.pipe()
        self.input, writes = os.pipe()

        def connect():
            # Beyond 4 first: the pipes' own numbers may be 3 or 4.
            there, back = os.dup2(reads, 13), os.dup2(writes, 14)
            os.dup2(there, 3)
            os.dup2(back, 4)

        self.process = subprocess.Popen(
            [executable, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-extensions", "--disable-background-networking",
             "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=connect, close_fds=False, env={**os.environ, "TMPDIR": profile},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(reads)
        os.close(writes)
        self.buffer = b""
        self.number = 0
        self.session = None
        self.events = []
        self.errors = []

    def receive(self):
        while b"\0" not in self.buffer:
            data = os.read(self.input, 1 << 16)
            if not data:
                raise SystemExit("Chromium ended unexpectedly")
            self.buffer += data
        message, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(message)
        if "method" in message:
            self.note(message["method"], message.get("params", {}))
            self.events.append(message["method"])
        return message

    def note(self, method, parameters):
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            self.errors.append(f"exception: {text}")
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning"):
            self.errors.append(f"console: {parameters['args']}")
        elif method == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            self.errors.append(f"log: {parameters['entry']['text']}")
        elif method == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            is_page = parameters.get("type") == "Document" and url.startswith(("file:", "about:"))
            if not is_page:
                self.errors.append(f"request: {url}")

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]

    def attach(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self):
        """Lets Chromium end by itself, so that it leaves nothing behind; kills it otherwise."""
        try:
            os.write(self.output, b'{"id": 0, "method": "Browser.close"}\0')
            self.process.wait(timeout=10)
        except (OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()

    def value(self, expression):
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            raise SystemExit(f"{expression}: {text}")
        return answer["result"].get("value")

    def settle(self):
        """Waits until the page has drawn what the last step changed."""
        self.value(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(() => done(0)), 180))")

    def mouse(self, kind, x, y, button="none", buttons=0):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, buttons=buttons,
                  clickCount=1 if button != "none" else 0, pointerType="mouse")

    def press(self, x, y):
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, "left", 1)
        self.mouse("mouseReleased", x, y, "left", 0)

    def point(self, design):
        point = self.value(
            "document.getElementById('scatter-plot').scrollIntoView({block: 'center'}), "
            f"explorationPage.pointOf({design})")
        return point["x"], point["y"]

    def middle(self, selector):
        box = self.value(f"""(() => {{
          const element = document.querySelector({json.dumps(selector)});
          element.scrollIntoView({{block: 'center'}});
          const box = element.getBoundingClientRect();
          return [box.left + box.width / 2, box.top + box.height / 2];
        }})()""")
        return box

    def save(self, selector):
        with tempfile.TemporaryDirectory() as folder:
            self.call("Page.setDownloadBehavior", behavior="allow", downloadPath=folder)
            self.press(*self.middle(selector))
            for _ in range(100):
                self.settle()
                files = [file for file in pathlib.Path(folder).iterdir()
                         if not file.name.endswith(".crdownload") and file.stat().st_size]
                if files:
                    return [files[0].name, files[0].read_bytes().decode()]
            raise SystemExit("nothing was saved")

    def step(self, name, value, url):
        if name == "value":
            return self.value(value)
        if name == "open":
            self.call("Page.navigate", url="about:blank")
            self.events.clear()
            self.call("Page.navigate", url=url + (f"#{value}" if value else ""))
            while "Page.loadEventFired" not in self.events:
                self.receive()
        elif name == "size":
            self.call("Emulation.setDeviceMetricsOverride", width=value[0], height=value[1],
                      deviceScaleFactor=1, mobile=False)
        elif name == "dark":
            self.call("Emulation.setEmulatedMedia", features=[
                {"name": "prefers-color-scheme", "value": "dark" if value else "light"}])
        elif name == "hover":
            self.mouse("mouseMoved", *self.point(value))
        elif name == "click":
            self.press(*self.point(value))
        elif name == "tap":
            x, y = self.point(value)
            self.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
            self.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
        elif name == "press":
            self.press(*self.middle(value))
        elif name == "save":
            return self.save(value)
        elif name == "drag":
            self.mouse("mouseMoved", value[0], value[1])
            self.mouse("mousePressed", value[0], value[1], "left", 1)
            middle = (value[0] + value[2]) / 2, (value[1] + value[3]) / 2
            self.mouse("mouseMoved", *middle, "left", 1)
            self.mouse("mouseMoved", value[2], value[3], "left", 1)
            self.mouse("mouseReleased", value[2], value[3], "left", 0)
        elif name == "keys":
            for key in value:
                extra = {"text": "\r"} if key == "Enter" else {}
                self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **extra)
                self.call("Input.dispatchKeyEvent", type="keyUp", key=key)
        elif name == "enter":
            selector, text = value
            self.value(f"document.querySelector({json.dumps(selector)}).select()")
            self.call("Input.insertText", text=text)
            if not text:
                self.call("Input.dispatchKeyEvent", type="keyDown", key="Delete", code="Delete",
                          windowsVirtualKeyCode=46)
            self.value("document.activeElement.blur()")
        elif name == "screenshot":
            shot = self.call("Page.captureScreenshot", captureBeyondViewport=True)
            pathlib.Path(value).write_bytes(base64.b64decode(shot["data"]))
        else:
            raise SystemExit(f"{name} is no step")
        self.settle()
        return None


def main():
    executable, page, steps = sys.argv[1:]
    url = pathlib.Path(page).resolve().as_uri()
    values = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(executable, profile)
        try:
            browser.attach()
            for step in json.loads(pathlib.Path(steps).read_text()):
                (name, value), = step.items()
                result = browser.step(name, value, url)
                if name in ("value", "save"):
                    values.append(result)
        finally:
            browser.close()
    print(json.dumps({"values": values, "errors": browser.errors}))


main()
