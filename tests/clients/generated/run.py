"""A client that openapi-python-client makes of the server's own document, in a life of one user: arguments are the
address of the server, an API key, and a folder for the client."""

import importlib
import os
import subprocess
import sys
import time

BASE, KEY, FOLDER = sys.argv[1:]
CONFIG = os.path.join(os.path.dirname(__file__), "config.yml")
LIMIT = 30


def generated():
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--url", f"{BASE}/openapi.json"]
    command += ["--config", CONFIG, "--meta", "none", "--output-path", os.path.join(FOLDER, "made")]
    done = subprocess.run(command + ["--fail-on-warning"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"the document cannot be made a client of:\n{done.stdout}{done.stderr}")
    sys.path.insert(0, FOLDER)
    return importlib.import_module("made"), importlib.import_module("made.models")


made, models = generated()
calls = 0


def call(client, place, wanted, *words, **named):
    """Makes a call, whose answer has to have the status and to be read as the document says."""
    global calls
    calls += 1
    module = importlib.import_module(f"made.api.{place}")
    answer = module.sync_detailed(*words, client=client, **named)
    if answer.status_code != wanted:
        raise SystemExit(f"{place}: {answer.status_code}, not {wanted}: {answer.content}")
    return answer.parsed


def same(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"{what}: {got!r}, not {wanted!r}")


def token():
    basic = made.AuthenticatedClient(base_url=BASE, token=KEY, prefix="Basic")
    body = models.TokenWanted.from_dict({"scope": "SERVER_ACCESS"})
    return call(basic, "tokens.create_token", 200, body=body, basiq_version="3.0").access_token


def ended(client, job):
    began = time.monotonic()
    while time.monotonic() - began < LIMIT:
        found = call(client, "jobs.get_job", 200, job)
        if all(step.status == "success" for step in found.steps):
            return found
    raise SystemExit(f"the job {job} has not succeeded: {found}")


def run():
    same("healthy", call(made.Client(base_url=BASE), "server.health", 200).status, "ok")
    client = made.AuthenticatedClient(base_url=BASE, token=token())
    given = models.UserGiven(email="monica@example.test", first_name="Monica")
    user = call(client, "users.create_user", 201, body=given)
    same("user", (user.email, user.first_name), ("monica@example.test", "Monica"))
    wrong = models.UserGiven(email="nothing")
    refused = call(client, "users.create_user", 400, body=wrong)
    same("refused", refused.data[0].code, "parameter-not-valid")

    bank = {"loginId": "gavinBelson", "password": "hooli2016", "institution": {"id": "AU00000"}}
    given = models.ConnectionGiven.from_dict(bank)
    job = call(client, "connections.create_connection", 202, user.id, body=given)
    job = ended(client, job.id)
    connection = job.links.source.rsplit("/", 1)[1]
    found = call(client, "connections.get_connection", 200, user.id, connection)
    same("connection", (found.status, found.institution.id), ("active", "AU00000"))
    listed = call(client, "connections.get_connections", 200, user.id, filter_="connection.status.eq('active')")
    same("listed", [row.id for row in listed.data], [connection])

    accounts = call(client, "accounts.get_accounts", 200, user.id).data
    same("accounts", {row.id for row in accounts}, {row.id for row in found.accounts.data})
    page = call(client, "transactions.get_transactions", 200, user.id, limit=5)
    same("page", (page.count, len(page.data), page.size > 5), (5, 5, True))
    call(client, "transactions.get_transaction", 200, user.id, page.data[0].id)
    again = call(client, "connections.refresh_connection", 202, user.id, connection)
    ended(client, again.id)

    call(client, "connections.purge_connection", 204, connection)
    same("purged", call(client, "accounts.get_accounts", 200, user.id).data, [])
    call(client, "connections.delete_connection", 204, user.id, connection)
    gone = call(client, "connections.delete_connection", 404, user.id, connection)
    same("gone", gone.data[0].code, "resource-not-found")
    call(client, "users.delete_user", 204, user.id)
    call(client, "users.get_user", 404, user.id)
    print(f"{calls} calls")


run()
