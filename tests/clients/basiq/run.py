"""PyPI basiq 1.0.1, unmodified, against the server whose address is its first argument; the second is an API key.

The client looks for `.io/` in the address of the next page, so the address has to be one that ends so. The test names
such a host, and reaches the server through HTTP_PROXY.
"""

import logging
import sys

from basiq import API, FilterBuilder, HTTPError, Session
from basiq.services import UserService

BANKS = [("AU00000", "richard", "tabsnotspaces"), ("AU00000", "gavinBelson", "hooli2016")]
# milliseconds between two looks, seconds at most
LOOKS = (20, 30)


class Calls(logging.Handler):
    """Counts the requests by what the library below the client logs of each."""

    statuses = []

    def emit(self, record):
        if record.msg.startswith('%s://%s:%s "%s %s'):
            self.statuses.append(record.args[6])


def same(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"{what}: {got!r}, not {wanted!r}")


def refused(what, call, detail):
    status = "nothing was refused"
    try:
        call()
    except HTTPError as error:
        status = error.get_message()
    same(what, status, detail)


def linked(user, bank, login, password):
    """A connection whose first job has brought everything."""
    data = {"loginId": login, "password": password, "institution": {"id": bank}}
    job = user.createConnection(data)
    for wait in (job.waitForCredentials, job.waitForAccounts, job.waitForTransactions):
        connection = wait(*LOOKS)
        if not connection:
            raise SystemExit(f"{wait.__name__}: the job failed or took too long")
    same("status", connection.status, "active")
    if not connection.accounts["data"]:
        raise SystemExit("the connection has no accounts")
    return connection


def pages(user):
    """All transactions, page by page."""
    page = user.getTransactions()
    rows, count = list(page.data["data"]), 1
    size = page.data["size"]
    while page.next() is not None:
        rows += page.data["data"]
        count += 1
    same("rows of all pages", (len(rows), len({row["id"] for row in rows})), (size, size))
    return rows, count


def run(base, key):
    session = Session(API(base), key, "2.0")
    same("a bank", session.getInstitution("AU00000")["id"], "AU00000")
    known = [bank["id"] for bank in session.getInstitutions()["data"]]
    same("every bank is known", set(known) >= {bank for bank, _, _ in BANKS}, True)

    user = UserService(session).create(email="monica@example.test", mobile="+61400111222")
    same("user", (user.email, user.mobile), ("monica@example.test", "+61400111222"))
    same("changed user", user.update(mobile="+61400111333").mobile, "+61400111333")
    same("user again", session.getUser(user.id).mobile, "+61400111333")
    refused("no such user", lambda: session.getUser("nobody"), "Requested user does not exist.")

    first, second = (linked(user, *bank) for bank in BANKS)
    ids = sorted(row["id"] for row in user.listAllConnections()["data"])
    same("connections", ids, sorted([first.id, second.id]))
    only = FilterBuilder([]).eq("status", "active").eq("id", first.id)
    same("filtered", [row["id"] for row in user.listAllConnections(only)["data"]], [first.id])

    accounts = user.getAccounts(FilterBuilder([]).eq("connection.id", first.id))["data"]
    same("accounts", {row["connection"] for row in accounts}, {first.id})
    same("one account", user.getAccount(accounts[0]["id"])["id"], accounts[0]["id"])
    rows, count = pages(user)
    same("more than one page", count > 1, True)
    same("one transaction", user.getTransaction(rows[-1]["id"])["id"], rows[-1]["id"])
    posted = FilterBuilder([]).eq("account.id", accounts[0]["id"]).eq("transaction.status", "posted")
    found = user.getTransactions(posted).data["data"]
    wanted = {r["id"] for r in rows if r["account"] == accounts[0]["id"] and r["status"] == "posted"}
    same("filtered transactions", {row["id"] for row in found}, wanted)

    again = first.refresh().waitForTransactions(*LOOKS)
    same("refreshed", (again.id, again.status), (first.id, "active"))
    same("refreshed all", len(user.refreshAllConnections()["data"]), 2)
    kept = {row["id"] for row in rows if row["status"] == "posted"}
    held = {row["id"] for row in pages(user)[0]}
    same("posted transactions that a refresh lost", kept - held, set())
    changed = second.update("hooli2016").waitForCredentials(*LOOKS)
    same("new password", changed.status, "active")
    wrong = {"loginId": "gavinBelson", "password": "wrong", "institution": {"id": "AU00000"}}
    same("wrong password", user.createConnection(wrong).waitForCredentials(*LOOKS), False)

    gone = "Requested resource is not found"
    first.delete()
    refused("second delete", first.delete, gone)
    refused("refresh of a deleted one", first.refresh, gone)
    ids = [row["id"] for row in user.listAllConnections()["data"]]
    same("the deleted one is listed", first.id in ids, False)
    same("its accounts stay", user.getAccount(accounts[0]["id"])["connection"], first.id)
    user.delete()
    refused("the deleted user", lambda: session.getUser(user.id), "Requested user does not exist.")
    return count


def main():
    log = logging.getLogger("urllib3.connectionpool")
    log.setLevel(logging.DEBUG)
    log.addHandler(Calls())
    log.propagate = False
    count = run(*sys.argv[1:])
    same("5xx", [status for status in Calls.statuses if status >= 500], [])
    print(f"{len(Calls.statuses)} calls, {count} pages")


main()
