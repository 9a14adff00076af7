"""A small web service: it says hello, and how often it was asked."""
import itertools
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

COUNTER = itertools.count(1)


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"hello number {next(COUNTER)}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    if "--check" in sys.argv:
        print("ready")
    else:
        HTTPServer(("", 8000), Greeter).serve_forever()
