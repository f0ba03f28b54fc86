import socket
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from gunicorn.app.base import BaseApplication

from clinic.databases import is_migrated
from clinic.people import demo

HOST = "127.0.0.1"


class Server(BaseApplication):
    """Serves the demo on a socket that is already ours, so that no other program can take the port in between."""

    def __init__(self, door: socket.socket) -> None:
        self.door = door
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", f"fd://{self.door.fileno()}")
        self.cfg.set("threads", 4)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("control_socket_disable", True)

    def load(self) -> Any:
        return get_wsgi_application()


def open_door(port: int) -> socket.socket:
    """Take a port, give a socket listening there or, where that is taken, at the next free one."""
    for candidate in range(port, port + 100):
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, candidate))
            # The address is printed before gunicorn is ready: who comes in between waits instead of being refused.
            door.listen()
        except OSError:
            door.close()
            continue
        door.set_inheritable(True)
        return door
    raise CommandError(f"No free port from {port} to {port + 99}: name another with --port.")


class Command(BaseCommand):
    """Sets the demo up where it is not yet, and serves it to this machine only."""

    help = "Serves the demo, with invented people, at http://127.0.0.1:8000 or the next free port."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="the first port to try")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is not a demo: set DEMO=1, and leave production's own settings out.")
        self.prepare()
        door = open_door(port)
        self.say_where(door.getsockname()[1])
        connection.close()
        Server(door).run()

    def prepare(self) -> None:
        """Bring the database to where the demo can be served from; refuses one with people who are not the demo's."""
        if demo.strangers():
            raise CommandError(
                "This database holds people who are not the demo's: point DEMO_DATABASE_URL at another one."
            )
        if not is_migrated():
            call_command("migrate", verbosity=0)
        call_command("load_rules", stdout=self.stdout)
        demo.add_people()
        demo.add_clinic()

    def say_where(self, port: int) -> None:
        """Print the addresses and who can sign in."""
        address = f"http://{HOST}:{port}"
        self.stdout.write(f"\nThe demo is at {address} for this machine only. Patients start at {address}/c/demo/")
        self.stdout.write("Its people are invented:")
        for person in demo.PEOPLE:
            self.stdout.write(f"  {person['email']}")
        self.stdout.write(f"Each signs in with the password: {demo.PASSWORD}\nCtrl-C stops it; the data stays.")
        self.stdout.flush()
