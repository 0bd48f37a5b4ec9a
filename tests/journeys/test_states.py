"""Each state that a dossier can be in, on the pages that tell it."""

from applications import actions
from tests import factories

RETURNED = {"projet": "Chiffrez ce point."}


def test_no_state_of_a_dossier_breaks_a_rule_of_accessibility(live_server, enter):
    body = factories.OrganisationFactory()
    certifier = factories.certifier_of(body)
    shared = {"call": factories.CallFactory(published=True), "organisation": body}
    pages = {
        factories.draft(**shared): [""],
        awaiting_visa(shared): ["", "deposer/", "renvoyer/"],
        returned(shared, certifier): ["", "sections/projet/", "completude/"],
        factories.filed_application(**shared): ["", "depose/"],
        taken_back(shared): [""],
        factories.clarified_application(**shared): ["", "complements/", "sections/projet/"],
        withdrawn(shared): [""],
    }
    valideur = enter("valideur", certifier)

    for application, addresses in pages.items():
        for address in addresses:
            valideur.go(application.get_absolute_url() + address, looking=not valideur.thorough)
            if valideur.thorough:
                valideur.behold()


def awaiting_visa(shared):
    application = factories.complete_draft(**shared)
    actions.ask_for_visa(application, by=application.created_by)
    return application


def returned(shared, certifier):
    application = awaiting_visa(shared)
    actions.return_to_writers(application, by=certifier, remarks="À revoir.", by_section=RETURNED)
    return application


def taken_back(shared):
    application = factories.filed_application(**shared)
    actions.take_back(application, by=application.created_by)
    return application


def withdrawn(shared):
    application = factories.draft(**shared)
    actions.withdraw(application, by=application.created_by, reason="Le projet est reporté.")
    return application
