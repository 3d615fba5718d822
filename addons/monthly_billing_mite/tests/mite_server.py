"""mite on this machine: an HTTP server that speaks its API, for tests.

Shapes are those of the public documentation (mite.de/en/api).
"""

import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "0123456789abcdef"
LISTS = {
    "customers": "customer",
    "projects": "project",
    "services": "service",
    "users": "user",
}


class MiteServer:
    """An account of mite: change its records by methods, ask it over HTTP."""

    def __init__(self):
        self.records = {kind: {} for kind in ("time_entry", *LISTS.values())}
        self.changes = []
        self.has_changes = True
        self.role = "admin"
        self.faults = []
        self.requests = []
        self.next_id = 1000
        self.lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(self))
        self.http.daemon_threads = True
        self.thread = threading.Thread(
            target=self.http.serve_forever, args=(0.02,), daemon=True
        )
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def close(self):
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()

    # what people do in mite

    def add(self, kind, **values):
        self.next_id += 1
        defaults = {"id": self.next_id, "name": kind, "note": "", "archived": False}
        record = {**defaults, **values}
        self.records[kind][record["id"]] = record
        self.note_change(kind, "created", record["id"])
        return record["id"]

    def add_entry(self, day, minutes, user, **values):
        self.next_id += 1
        key = values.pop("id", self.next_id)
        self.records["time_entry"][key] = {
            "id": key,
            "minutes": minutes,
            "date_at": day,
            "note": "Work",
            "billable": True,
            "locked": False,
            "revenue": None,
            "hourly_rate": 0,
            "user_id": user,
            "project_id": None,
            "customer_id": None,
            "service_id": None,
            "created_at": f"{day}T23:59:00+02:00",
            "updated_at": f"{day}T23:59:00+02:00",
            **values,
        }
        self.note_change("time_entry", "created", key)
        return key

    def change(self, kind, key, **values):
        self.records[kind][key].update(values)
        self.note_change(kind, "updated", key)

    def remove(self, kind, key):
        del self.records[kind][key]
        self.note_change(kind, "deleted", key)

    def note_change(self, kind, action, key):
        self.changes.append((kind, action, key))

    # what mite answers

    def show(self, kind, record):
        if kind != "time_entry":
            return {kind: record}
        shown = dict(record)
        project = self.records["project"].get(record["project_id"])
        if project and not record["customer_id"]:
            shown["customer_id"] = project.get("customer_id")
        for name in LISTS.values():
            named = self.records[name].get(shown[f"{name}_id"])
            shown[f"{name}_name"] = named["name"] if named else None
        return {kind: shown}

    def find(self, query):
        entries = [
            self.show("time_entry", record)["time_entry"]
            for record in self.records["time_entry"].values()
        ]
        first, last = query.get("from", "0000"), query.get("to", "9999")
        entries = [entry for entry in entries if first <= entry["date_at"] <= last]
        is_descending = query.get("direction", "desc") == "desc"
        return sorted(
            entries, key=lambda one: (one["date_at"], one["id"]), reverse=is_descending
        )

    def group(self, query):
        sums = defaultdict(int)
        for entry in self.find(query):
            key = entry["customer_id"], entry["customer_name"]
            sums[key] += entry["minutes"]
        return [
            {
                "time_entry_group": {
                    "minutes": minutes,
                    "revenue": None,
                    "customer_id": key,
                    "customer_name": name,
                }
            }
            for (key, name), minutes in sums.items()
        ]

    def answer(self, path, query):
        """Return (status, data, headers)."""
        link = f"{self.url}/changes/{len(self.changes)}.json"
        headers = {"X-Changes-Link": link} if self.has_changes else {}
        if path == "/myself":
            return 200, {"user": {"id": 1, "name": "Admin", "role": self.role}}, {}
        if path == "/account":
            return 200, {"account": {"id": 1, "name": "demo", "title": "Demo"}}, {}
        if path == "/time_entries":
            if "group_by" in query:
                return 200, self.group(query), headers
            found = [{"time_entry": entry} for entry in self.find(query)]
            return 200, cut(found, query), headers
        if path.startswith("/time_entries/"):
            record = self.records["time_entry"].get(int(path.rpartition("/")[2]))
            if record is None:
                return 404, {"error": "Not found"}, {}
            return 200, self.show("time_entry", record), {}
        if path.startswith("/changes/"):
            if not self.has_changes:
                return 404, {"error": "Not found"}, {}
            since = int(path.rpartition("/")[2])
            return 200, self.show_changes(since), headers
        name, _slash, rest = path[1:].partition("/")
        if name in LISTS and rest in ("", "archived"):
            kind = LISTS[name]
            found = [
                self.show(kind, record)
                for record in self.records[kind].values()
                if record["archived"] == bool(rest)
            ]
            return 200, cut(found, query), headers
        return 404, {"error": "Not found"}, {}

    def show_changes(self, since):
        shown = []
        for kind, action, key in self.changes[since:]:
            record = self.records[kind].get(key)
            if record is None and action != "deleted":
                continue
            shown.append(
                {
                    "change": {
                        "record_type": kind,
                        "action": action,
                        "record_id": key,
                        "record": record and self.show(kind, record),
                    }
                }
            )
        return shown

    def patch(self, path, data):
        key = int(path.rpartition("/")[2])
        record = self.records["time_entry"].get(key)
        if record is None:
            return 404, {"error": "Not found"}, {}
        values = data["time_entry"]
        if record["locked"] and values != {"locked": False}:
            return 423, {"error": "Locked"}, {}
        self.change("time_entry", key, **values)
        return 200, None, {}


def cut(records, query):
    """Return one page, everything without a limit."""
    if "limit" not in query:
        return records
    limit, page = int(query["limit"]), int(query.get("page", 1))
    return records[(page - 1) * limit : page * limit]


def make_handler(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # one packet an answer

        def do_GET(self):
            self.handle_with(server.answer)

        def do_PATCH(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            data = json.loads(body)
            self.handle_with(lambda path, _query: server.patch(path, data))

        def handle_with(self, answer):
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            with server.lock:
                server.requests.append((self.command, parts.path, query))
                if server.faults and (fault := server.faults.pop(0)):
                    return fault(self)
                if self.headers.get("X-MiteApiKey") != KEY:
                    return self.send(401, {"error": "Unauthorized"}, {})
                path = parts.path.removesuffix(".json")
                return self.send(*answer(path, query))

        def send(self, status, data, headers):
            body = b" " if data is None else json.dumps(data).encode()
            self.send_raw(status, body, headers)

        def send_raw(self, status, body, headers, length=None):
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(length or len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            """Nothing: the test has its own record of requests."""

    return Handler


# what may go wrong, once each


def fail(status, headers=None):
    """Answer with an error."""
    return lambda handler: handler.send(status, {"error": "odd"}, headers or {})


def send_body(body):
    """Answer with a text that is not what was asked for."""
    return lambda handler: handler.send_raw(200, body, {})


def break_off(handler):
    """Send half a page, then hang up."""
    handler.send_raw(200, b'[{"time_entry": {"id": 1', {}, length=5000)
    handler.wfile.flush()
    handler.close_connection = True


def hang_up(handler):
    """Send nothing at all."""
    handler.close_connection = True


def move_to(url):
    """Send the client elsewhere."""
    return lambda handler: handler.send(302, {}, {"Location": url})
