"""Questions that are answered by tapping: one answer, several kinds, places."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from screening import body_map
from screening.engine.rule_set import REGIONS, RuleSet, Site
from screening.fields.answer import AnswerField, BoundAnswer, posted_list

HEADINGS: Mapping[str, Promise] = MappingProxyType(
    {
        "face": gettext_lazy("Face"),
        "neck": gettext_lazy("Neck"),
        "trunk": gettext_lazy("Chest, back and tummy"),
        "limbs": gettext_lazy("Arms and legs"),
    }
)
_NONE: Mapping[str, str] = MappingProxyType({})


class OneField(AnswerField):
    """A question with one answer of several."""

    def refused(self, _written: Any) -> str:
        return gettext("Choose one of the answers below.")

    def unanswered(self) -> str:
        return self.with_way_out(gettext("Choose one answer."))


class KindsField(AnswerField):
    """A question with any number of answers."""

    def posted(self, data: Any, name: str) -> list[str]:
        return posted_list(data, name)

    def as_typed(self, answer: Any) -> list[str]:
        return list(answer or ())

    def refused(self, _written: Any) -> str:
        return gettext("Choose from the answers below.")

    def unanswered(self) -> str:
        return self.with_way_out(gettext("Choose at least one answer."))


@dataclass(frozen=True, slots=True)
class SiteChoice:
    """A place to tick. `barred_reason`: why it cannot be ticked; `side`: left, right or midline.

    `label` is for the person whose place it is; `name` is for staff, with the `clinical` one where that is another.
    """

    code: str
    label: str
    checked: bool
    barred_reason: str = ""
    side: str = ""
    name: str = ""
    clinical: str = ""


Groups = list[tuple[Promise, list[SiteChoice]]]


def site_groups(
    rule_set: RuleSet, sites: Collection[str], chosen: Collection[str], barred: Mapping[str, str] = _NONE
) -> Groups:
    """Return the places among `sites` under the headings of their regions: single ones first, then left and right.

    `barred` gives the reason for each place that cannot be chosen; such a place is never shown as chosen.
    """
    shown = [site for site in rule_set.sites.values() if site.code in sites]
    shown.sort(key=lambda site: site.side != "midline")
    groups = [(region, [site for site in shown if site.region == region]) for region in REGIONS]
    return [
        (HEADINGS[region], [_site_choice(site, chosen, barred.get(site.code, "")) for site in places])
        for region, places in groups
        if places
    ]


def _site_choice(site: Site, chosen: Collection[str], barred_reason: str) -> SiteChoice:
    checked = site.code in chosen and not barred_reason
    clinical = "" if site.clinical == site.name else site.clinical
    return SiteChoice(site.code, in_your_words(site), checked, barred_reason, site.side, capfirst(site.name), clinical)


def in_your_words(site: Site) -> str:
    """Return a place's name as the person's own: "Your left cheek"."""
    if site.side == "midline":
        return capfirst(site.name)
    return gettext("Your %(place)s") % {"place": site.name}


class BoundSites(BoundAnswer):
    """A question about places: the map and the list beside it."""

    field: "SitesField"

    @property
    def has_map(self) -> bool:
        return True

    def groups(self) -> Groups:
        """Return every place under its heading."""
        return self.field.groups(self.typed)

    def views(self) -> list[body_map.View]:
        """Return the map of every place."""
        return body_map.views(self.field.rule_set, self.field.rule_set.sites, name=self.html_name)

    def open_choices(self) -> list[SiteChoice]:
        """Return the answers beside the places, such as "Not sure"."""
        return self.field.open_choices(self.typed)


class SitesField(KindsField):
    """A question answered by any number of places, or by not knowing where."""

    bound_field_class = BoundSites

    def posted(self, data: Any, name: str) -> list[str]:
        return posted_places(self, data, name)

    def refused(self, _written: Any) -> str:
        return not_in_the_list()

    def unanswered(self) -> str:
        return self.with_way_out(gettext("Choose at least one place."))

    def target(self, auto_id: str, _part: str) -> str:
        return first_place(auto_id, self)

    def groups(self, chosen: Collection[str]) -> Groups:
        """Return every place under its heading."""
        return site_groups(self.rule_set, self.rule_set.sites, chosen)

    def open_choices(self, chosen: Collection[str]) -> list[SiteChoice]:
        """Return the answers beside the places."""
        return open_choices(self, chosen)


def posted_places(field: AnswerField, data: Any, name: str) -> list[str]:
    """Return the places that were posted, in catalogue order whatever the page's: the same places are one answer."""
    order = [*field.rule_set.sites, *field.question.choice_codes]
    return sorted(posted_list(data, name), key=lambda code: order.index(code) if code in order else len(order))


def not_in_the_list() -> str:
    """Return what to do about a place that the rule set does not have."""
    return gettext("One of those places is not in the list. Choose from the list.")


def open_choices(field: AnswerField, chosen: Collection[str]) -> list[SiteChoice]:
    """Return the choices of a question that stand beside its places."""
    return [SiteChoice(choice.code, choice.label, choice.code in chosen) for choice in field.question.choices]


def first_place(list_id: str, field: AnswerField) -> str:
    """Return the id of the first box of a list of places."""
    codes: Iterable[str] = (*field.question.choice_codes, *field.rule_set.sites)
    return f"{list_id}-{next(iter(codes))}"
