"""A Peppol access point that keeps the documents it is given; it may be down."""

import json
import threading
import uuid
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

#: seconds until no document is expected any more
PATIENCE = 600
SEND = "/api/peppol/1/send_document"
NUMBER = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}ID"


class AccessPoint:
    """Listens on a port of this machine while the block runs.

    :param held: the number of the document that is kept, but only confirmed at
        ``release``
    :param refused: participants to whom it delivers nothing
    """

    def __init__(self, port: int, held=0, refused=()):
        self.documents, self.held, self.refused = [], held, refused
        self.has_held, self.is_released = threading.Event(), threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.server.access_point = self

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.release()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, params: dict) -> dict:
        """Return the result of a call."""
        if path != SEND:
            return {}
        documents = params["documents"]
        if any(document["receiver"] in self.refused for document in documents):
            return {"error": {"code": 303, "message": "nobody is there"}}
        return {"messages": [self.keep(document) for document in documents]}

    def keep(self, document: dict) -> dict:
        """Keep a document as (receiver, number of the invoice)."""
        number = ElementTree.fromstring(b64decode(document["ubl"])).findtext(NUMBER)
        self.documents.append((document["receiver"], number))
        if len(self.documents) == self.held:
            self.has_held.set()
            self.is_released.wait(PATIENCE)
        return {"message_uuid": str(uuid.uuid4())}

    def wait_for_held(self) -> None:
        """Wait until the document has come that is not confirmed yet."""
        assert self.has_held.wait(PATIENCE), "no document comes"

    def release(self) -> None:
        """Confirm the document that is held, to whoever is still there."""
        self.is_released.set()


class Handler(BaseHTTPRequestHandler):
    """Answers the calls of Odoo's Peppol client."""

    def do_POST(self):  # noqa: N802
        """Answer a call; called by ``http.server``."""
        size = int(self.headers["Content-Length"])
        call = json.loads(self.rfile.read(size))
        result = self.server.access_point.answer(self.path, call["params"])
        answer = {"jsonrpc": "2.0", "id": call["id"], "result": result}
        content = json.dumps(answer).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            return  # who asked is gone

    def log_message(self, *_arguments):
        """Say nothing; called by ``http.server``."""
