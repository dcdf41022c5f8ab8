"""Time-stamping servers on this machine: one that stamps, and what others do instead."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import signing
from asn1crypto import cms, tsp


class Authority(BaseHTTPRequestHandler):
    """A time-stamping server on this machine."""

    answer = staticmethod(lambda imprint: signing.outside_stamper()(imprint))
    status = 200

    def do_POST(self) -> None:
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        token = self.answer(asked["message_imprint"]["hashed_message"].native)
        reply = tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)}
        ).dump()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def server(handler: type[Authority] = Authority) -> Iterator[str]:
    """Yield the address of such a server."""
    listening = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}/tsa"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()
