"""Who sees a contract, its application and its registration, and who may act on them?"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Left
from django.http import Http404

from contracts.models import Application, Change, ContractParty, Opinion, Registration, Sheet, TechnologyContract
from contracts.rules.deciding import may_confirm, region_prefix
from contracts.states import OPEN_APPLICATION, ApplicationState, RegistrationState
from listings.permissions.listings import visible_listings
from market.accounts.models import Membership, Organisation, Person
from market.accounts.permissions import acts_for, person_of, require_official
from market.documents.models import Document
from market.values.actor import ANONYMOUS, OFFICIAL_ROLES, Actor, Role
from market.values.refusal import Forbidden, OutOfTurn, Refusal, is_allowed

# Digits of the code of a county (GB/T 2260).
_WHOLE_CODE = 6
_SIGHTS: list[Callable[[Actor], Q]] = []


def grant_sight(sight: Callable[[Actor], Q]) -> None:
    """Lets a higher app add the contracts that its people may see; called once, when the app is ready."""
    _SIGHTS.append(sight)


def visible_contracts(actor: Actor) -> QuerySet[TechnologyContract]:
    """The parties', all for supervisors, and for registrars those applied for or registered in their region.

    Source: REG-03 of both rule sets: the registry of the place decides (high).
    """
    contracts = TechnologyContract.objects.select_related("deal", "seller", "buyer", "applicant")
    if actor.has(Role.SUPERVISOR):
        return contracts
    if actor.organisation is None:
        return contracts.none()
    seen = Q(seller_id=actor.organisation) | Q(buyer_id=actor.organisation) | Q(applicant_id=actor.organisation)
    seen |= Q(Exists(ContractParty.objects.filter(contract=OuterRef("pk"), organisation_id=actor.organisation)))
    if actor.has(Role.REGISTRAR):
        here = _region_of(actor)
        applied = Application.objects.filter(contract=OuterRef("pk"), region__startswith=here)
        seen |= Q(Exists(applied)) | Q(Exists(_registered_in(here).filter(contract=OuterRef("pk"))))
    for sight in _SIGHTS:
        seen |= sight(actor)
    return contracts.filter(seen).distinct()


def contract_for(actor: Actor, key: str) -> TechnologyContract:
    """The door: this contract, or 404."""
    found = visible_contracts(actor).filter(key=key)
    contract = found.select_related("registration", "deal__listing__achievement", "deal__intent").first()
    if contract is None:
        raise Http404
    return contract


def visible_applications(actor: Actor) -> QuerySet[Application]:
    """The applicant's own, the other side's for information, all for supervisors, and a registrar's region for registrars.

    Source: REG-03 of both rule sets: the registry of the place decides (high).
    """
    applications = Application.objects.select_related("contract__seller", "contract__buyer")
    if actor.has(Role.SUPERVISOR):
        return applications
    if actor.has(Role.REGISTRAR):
        return applications.filter(region__startswith=_region_of(actor))
    if actor.organisation is None:
        return applications.none()
    mine = actor.organisation
    return applications.filter(Q(contract__seller_id=mine) | Q(contract__buyer_id=mine) | Q(contract__applicant_id=mine))


def _registered_in(region: Subquery) -> QuerySet[Registration]:
    return Registration.objects.filter(region__startswith=region)


def _region_of(actor: Actor) -> Subquery:
    """What the codes of the places of the actor's registry begin with: a province, a city or a county, or nothing for all."""
    wide = [When(region__endswith="0000", then=Left("region", 2)), When(region__endswith="00", then=Left("region", 4))]
    registry = Organisation.objects.filter(pk=actor.organisation or 0).order_by()
    return Subquery(registry.annotate(prefix=Case(*wide, default="region")).values("prefix"))


def application_for(actor: Actor, key: str) -> Application:
    """The door: this application, or 404."""
    found = visible_applications(actor).filter(key=key)
    deal = ("contract__deal__listing__achievement", "contract__deal__intent")
    application = found.select_related("contract__registration", "contract__applicant", "assigned_to", *deal).first()
    if application is None:
        raise Http404
    return application


def visible_registrations(actor: Actor) -> QuerySet[Registration]:
    """All for supervisors, those of their region for registrars. Raises `Forbidden` for everybody else."""
    require_official(actor, Role.REGISTRAR, Role.SUPERVISOR)
    registrations = Registration.objects.all()
    if actor.has(Role.SUPERVISOR):
        return registrations
    prefix = region_prefix(Organisation.objects.filter(pk=actor.organisation or 0).values_list("region", flat=True).first() or "")
    # One county is read in the order of its index; a wider region is nearly all of the register.
    return registrations.filter(region=prefix) if len(prefix) == _WHOLE_CODE else registrations.filter(region__startswith=prefix)


def registration_for(actor: Actor, number: str) -> Registration:
    """The door: this registration with its contract, or 404."""
    registration = (
        Registration.objects.filter(number=number, contract__in=visible_contracts(actor))
        .select_related("contract__seller", "contract__buyer", "contract__applicant")
        .first()
    )
    if registration is None:
        raise Http404
    return registration


def public_registrations() -> QuerySet[Registration]:
    """Those in force of contracts that came about on the market, where listing and seller are public. Of a contract made elsewhere
    nothing was ever published.
    """
    listings = visible_listings(ANONYMOUS).order_by().values("pk")
    registrations = Registration.objects.filter(state=RegistrationState.IN_FORCE, contract__deal__listing__in=listings)
    return registrations.select_related("contract__deal__listing__achievement", "contract__deal__listing__seller")


def public_registration(number: str) -> Registration:
    """The door for everybody: this registration, or 404."""
    registration = public_registrations().filter(number=number).first()
    if registration is None:
        raise Http404
    return registration


def side_of(actor: Actor, contract: TechnologyContract) -> int | None:
    """The party the actor may bind: the organisation's id, or None."""
    for organisation_id in contract.side_ids:
        if acts_for(actor, organisation_id, Role.OWNER, Role.AGENT):
            return organisation_id
    return None


def require_side(actor: Actor, contract: TechnologyContract) -> int:
    """The party the actor binds. Raises `Forbidden` for anybody else."""
    side = side_of(actor, contract)
    if side is None:
        raise Forbidden([Refusal("accounts.role_missing")])
    return side


def require_no_case(contract: TechnologyContract) -> None:
    """Raises `OutOfTurn` while another application is open, and once registered. Source: REG-03, REG-04 (high)."""
    if contract.applications.filter(state__in=OPEN_APPLICATION).exists():
        raise OutOfTurn([Refusal("contracts.application_open")])
    if Registration.objects.filter(contract=contract).exists():
        raise OutOfTurn([Refusal("contracts.registered_before")])


def require_applicant(actor: Actor, contract: TechnologyContract) -> None:
    """Raises `Forbidden` unless the actor may bind the applicant: the seller of a deal, or who entered it. Source: REG-02 (high)."""
    if not acts_for(actor, contract.applicant_id, Role.OWNER, Role.AGENT):
        raise Forbidden([Refusal("contracts.seller_applies")])


def may_decide(actor: Actor, application: Application) -> bool:
    """True for a registrar of neither side, whichever organisation they act for at the moment, who did not submit it."""
    is_registrar = actor.has(Role.REGISTRAR) and application.submitted_by_id != actor.person
    return is_registrar and not _is_of_a_side(actor, application.contract)


def may_move(actor: Actor, application: Application, by: str) -> bool:
    """True when the actor has the role that a move is by."""
    return is_allowed(lambda: require_application_mover(actor, application, by))


def may_keep_register(actor: Actor, contract: TechnologyContract) -> bool:
    """True for a registrar of neither side."""
    return actor.has(Role.REGISTRAR) and not _is_of_a_side(actor, contract)


def require_registrar(actor: Actor, contract: TechnologyContract) -> None:
    """Raises `Forbidden` unless the actor is a registrar; nobody decides for their own side."""
    require_official(actor, Role.REGISTRAR)
    if _is_of_a_side(actor, contract):
        raise Forbidden([Refusal("contracts.own_contract")])


def _is_of_a_side(actor: Actor, contract: TechnologyContract) -> bool:
    return _belongs_to_a_side(person_of(actor), contract)


def _belongs_to_a_side(person_id: int, contract: TechnologyContract) -> bool:
    parties = contract.parties.filter(organisation__isnull=False).values("organisation_id")
    of_side = Q(organisation_id__in=contract.side_ids) | Q(organisation_id__in=parties)
    return Membership.objects.filter(of_side, person_id=person_id).exists()


def may_decide_person(person: Person, application: Application) -> bool:
    """True for somebody who is a registrar, belongs to neither side and did not submit the application."""
    is_registrar = person.memberships.filter(role=Role.REGISTRAR.value).exists()
    is_free = person.pk != application.submitted_by_id and not _belongs_to_a_side(person.pk, application.contract)
    return person.is_active and is_registrar and is_free


def require_application_mover(actor: Actor, application: Application, by: str) -> None:
    """Raises `Forbidden` unless the actor has the role that the move is by; who submitted it never moves it as an official."""
    contract = application.contract
    if by == "seller":
        require_applicant(actor, contract)
        return
    if by == "supervisor":
        require_official(actor, Role.SUPERVISOR)
        if _is_of_a_side(actor, contract):
            raise Forbidden([Refusal("contracts.own_contract")])
    else:
        require_registrar(actor, contract)
    if application.submitted_by_id == actor.person:
        raise Forbidden([Refusal("contracts.submitter_decides")])
    first = application.proposed_by_id if by == "second_registrar" else application.decided_by_id
    if by in {"second_registrar", "supervisor"} and (refusals := may_confirm(proposed_by=first, decides=actor.person)):
        raise Forbidden(refusals)


def own_code(actor: Actor) -> str:
    """The social credit code of the company whose shareholders the actor may enter as its owner; empty for others."""
    if not actor.has(Role.OWNER):
        return ""
    owned = Organisation.objects.filter(pk=actor.organisation or 0).values_list("social_credit_code", flat=True)
    return owned.first() or ""


def require_shareholder_writer(actor: Actor, code: str) -> None:
    """Raises `Forbidden` unless the actor is a registrar, or owns the company with this social credit code."""
    if actor.has(Role.REGISTRAR):
        require_official(actor, Role.REGISTRAR)
        return
    if not code or own_code(actor) != code:
        raise Forbidden([Refusal("accounts.role_missing")])


def company_for(actor: Actor, code: str) -> str:
    """The door: the social credit code of an organisation or of a party of a contract, or 404."""
    is_known = Organisation.objects.filter(social_credit_code=code).exists() or ContractParty.objects.filter(code=code).exists()
    if not is_known:
        raise Http404
    require_shareholder_writer(actor, code)
    return code


def opinion_for(actor: Actor, application: Application, key: str) -> Opinion:
    """The door: this question to an expert, for a registrar who may decide; or 404."""
    require_registrar(actor, application.contract)
    opinion = application.opinions.filter(key=key).first()
    if opinion is None:
        raise Http404
    return opinion


def may_give_opinion(person: Person, application: Application) -> bool:
    """True for somebody of neither side who did not submit the application, and is no official: who decides is not asked."""
    is_official = person.memberships.filter(role__in=[role.value for role in OFFICIAL_ROLES]).exists()
    return (
        not is_official and person.pk != application.submitted_by_id and not _belongs_to_a_side(person.pk, application.contract)
    )


def own_opinion_for(actor: Actor, key: str) -> Opinion:
    """The door: this question, for the expert who was asked; or 404."""
    opinion = Opinion.objects.filter(key=key, person_id=person_of(actor)).select_related("application__contract").first()
    if opinion is None:
        raise Http404
    return opinion


def require_expert(actor: Actor, opinion: Opinion) -> None:
    """Raises `Forbidden` unless the actor is the expert who was asked, and still has nothing to do with the case."""
    person = Person.objects.filter(pk=person_of(actor), is_active=True).first()
    if person is None or opinion.person_id != person.pk:
        raise Forbidden([Refusal("accounts.role_missing")])
    if not may_give_opinion(person, opinion.application):
        raise Forbidden([Refusal("contracts.expert_concerned")])


def is_awaited(opinion: Opinion) -> bool:
    """True while the opinion can be given: so long its expert reads the contract."""
    return opinion.given_at is None and opinion.application.state == ApplicationState.SUBMITTED


def sheet_for(actor: Actor, key: str) -> Sheet:
    """The door: this form of the actor's own organisation, or 404."""
    sheet = (
        Sheet.objects.filter(key=key, applicant_id=actor.organisation or 0)
        .select_related("applicant", "contract__deal__listing__achievement")
        .first()
    )
    if sheet is None:
        raise Http404
    return sheet


def require_sheet_writer(actor: Actor, sheet: Sheet) -> None:
    """Raises `Forbidden` unless the actor may bind the applicant."""
    if not acts_for(actor, sheet.applicant_id, Role.OWNER, Role.AGENT):
        raise Forbidden([Refusal("contracts.seller_applies")])


def may_read_application_document(actor: Actor, document: Document) -> bool:
    """What is attached to an application, a change or a form is read by those who may see it."""
    if visible_applications(actor).filter(documents=document).exists():
        return True
    is_official = actor.has(Role.REGISTRAR, Role.SUPERVISOR)
    if is_official and Opinion.objects.filter(documents=document, application__in=visible_applications(actor)).exists():
        return True
    awaited = Opinion.objects.filter(given_at__isnull=True, application__state=ApplicationState.SUBMITTED)
    if awaited.filter(person_id=actor.person or 0, application__documents=document).exists():
        return True
    asked = Change.objects.filter(documents=document, registration__contract__in=visible_contracts(actor))
    return asked.exists() or Sheet.objects.filter(documents=document, applicant_id=actor.organisation or 0).exists()
