"""A bad line to the server: every request arrives, and the first answer to each is lost.

Prefect's client then sends the same request again, as it does for a minute when a load balancer
or a network fails it. What it asked for has been done by then.
"""

import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


class LossyLine:
    """Listens on a port of its own while it is used in `with`."""

    def __init__(self, server_url: str) -> None:
        self.far_end = httpx.Client(base_url=server_url, timeout=15, trust_env=False)
        self.deliveries: Counter[bytes] = Counter()
        self.counting = threading.Lock()
        line = self

        class Delivery(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept = ("x-prefect", "content-type")
                headers = {k: v for k, v in self.headers.items() if k.lower().startswith(kept)}
                answer = line.far_end.post("/", content=body, headers=headers)
                self.close_connection = True
                if line.is_lost(body):
                    return
                self.send_response(answer.status_code)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, format: str, *words: object) -> None:
                """Say nothing; the tests look at what arrived."""

        self.listener = ThreadingHTTPServer(("127.0.0.1", 0), Delivery)
        self.url = f"http://127.0.0.1:{self.listener.server_port}"
        self.thread = threading.Thread(target=self.listener.serve_forever)

    def is_lost(self, body: bytes) -> bool:
        """Whether this answer is dropped: every other one to the same request is."""
        with self.counting:
            self.deliveries[body] += 1
            return self.deliveries[body] % 2 == 1

    def __enter__(self) -> "LossyLine":
        self.thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self.listener.shutdown()
        self.thread.join()
        self.listener.server_close()
        self.far_end.close()
