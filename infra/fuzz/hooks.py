"""What Schemathesis cannot know of this API: which refusals are rules rather than faults, and who has to stay alive."""

import os
import re

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData, ServerError
from schemathesis.openapi.checks import RejectedPositiveData

# A request may have the right shape and be refused all the same, for what no schema can say. All other refusals of the
# kind, `request.invalid` above all, are failures.
RULES = {
    "request.invalid_token": "a consistency token is opaque: only those that were given are ours",
    "request.invalid_cursor": "a cursor is opaque, and holds for one order of a list",
    "idempotency.mismatch": "the key was sent before, with another body",
    "order.unknown_user": "nobody has that id",
    "order.unknown_product": "nothing on offer has that id",
    "audit.unreadable_event": "others have written what this version does not know",
    "audit.too_many_events": "so much was caused by one request",
    "order.empty": "the products of the lines are looked at first, and that there is a line last",
    "cart.unknown_product": "nothing on offer has that id",
    "cart.too_many_lines": "the cart was filled by earlier requests",
    "category.unknown_parent": "no category has that id",
    "money.currency_mismatch": "the currency is that of what came before",
    "money.too_large": "prices times pieces, or a sum, go beyond what can be counted",
    "stock.too_large": "earlier receipts count as well",
}

# Rules of one path; elsewhere the same refusal is a failure.
ONE_POINT = {"request.invalid": "a point in the past is named by a revision or by an instant, and not by both"}
RULES_OF = {
    "/api/v1/webhooks/payments": {"request.malformed_json": "the body is the bytes that its sender signed"},
    "/api/v1/audit/streams/{stream}/state": ONE_POINT,
    "/api/v1/audit/streams/{stream}/difference": ONE_POINT,
    "/api/v1/audit/exports": {"request.invalid": "one thing is exported, and a period ends after it begins"},
}

# A token may name a position that nothing has reached, and then it is right to say so.
AWAITED = {"view.behind"}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    # Node's own parser answers headers of more than 16 KiB, before there is a route.
    if response.status_code == 431:
        return False
    # An address that is too long is refused whatever it says, and Schemathesis takes 414 for no refusal.
    if isinstance(failure, AcceptedNegativeData) and response.status_code == 414:
        return False
    code = code_of(response)
    if isinstance(failure, RejectedPositiveData):
        return code not in RULES and code not in RULES_OF.get(case.path, {})
    if isinstance(failure, ServerError):
        return code not in AWAITED
    return True


@schemathesis.hook
def before_call(context, case, kwargs):
    keep_people(case)
    follow_from_the_start(case)


def keep_people(case):
    """Nobody changes or erases those in whose names the requests are sent."""
    changes_people = case.path.startswith("/api/v1/users/{id}") and case.method.upper() != "GET"
    if changes_people and (case.path_parameters or {}).get("id") in os.environ["FUZZ_KEPT_USERS"].split(","):
        case.path_parameters["id"] = os.environ["FUZZ_OTHER_USER"]


def follow_from_the_start(case):
    """Schemathesis waits for an event: from where nothing has happened since, it would wait for good."""
    if not case.path.endswith(("/orders/{id}/events", "/events/orders")):
        return
    given = case.headers.get("Last-Event-ID", (case.query or {}).get("lastEventId"))
    if given is None or re.fullmatch(r"\d{1,18}", str(given), re.ASCII):
        case.headers["Last-Event-ID"] = "0"


def code_of(response):
    if "json" not in " ".join(response.headers.get("content-type", [])):
        return None
    try:
        body = response.json()
    except ValueError:
        return None
    return body.get("code") if isinstance(body, dict) else None
