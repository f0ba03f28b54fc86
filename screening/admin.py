"""The rules to browse: by treatment, grade and source. Read only; rules enter by `load_rules`."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from screening.models import Citation, Criterion, Group, Question, Rule, RuleSet, Site, Source, Treatment


class ReadOnly:
    """Lets everybody with a place in the admin look, and nobody change."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OfTreatment(admin.SimpleListFilter):
    """Keeps the rules and questions that apply to a treatment: its own, and those for all treatments."""

    title = "treatment"
    parameter_name = "treatment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        offered = Treatment.objects.exclude(plan="not-offered").order_by("position").values_list("code", "name")
        return list(dict(offered).items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value():
            return queryset
        # Lists of codes cannot be searched in SQLite's JSON; a set has some fifty rules.
        kept = [pk for pk, codes in queryset.values_list("pk", "treatments") if not codes or self.value() in codes]
        return queryset.filter(pk__in=kept)


class CitationInline(ReadOnly, admin.TabularInline):
    model = Citation
    fields = ("source", "place")


class GroupInline(ReadOnly, admin.StackedInline):
    model = Group
    fields = ("all_of", "grade", "status", "urgency", "bars", "practitioner_wording", "patient_wording")
    readonly_fields = ("all_of",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).prefetch_related("criteria__question")

    @admin.display(description="all of")
    def all_of(self, group: Group) -> SafeString:
        """Return the criteria of the group, one to a line."""
        return _lines(group.criteria.all())


@admin.register(Rule)
class RuleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "title", "grade", "urgency", "stage", "sources", "rule_set")
    list_filter = ("rule_set", OfTreatment, "grade", "citations__source", "stage")
    search_fields = ("code", "title", "practitioner_wording", "patient_wording", "reading")
    inlines = (CitationInline, GroupInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        return super().get_queryset(request).select_related("rule_set").prefetch_related("citations__source")

    @admin.display(description="sources")
    def sources(self, rule: Rule) -> str:
        """Return where the sources say it: `M b1, M b4`."""
        return ", ".join(map(str, rule.citations.all()))


@admin.register(Question)
class QuestionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "section", "wording", "kind", "asked_by", "stage", "required", "rule_set")
    list_filter = ("rule_set", OfTreatment, "section", "stage", "asked_by", "required")
    search_fields = ("code", "wording", "help", "why")
    readonly_fields = ("asked_when", "read_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).select_related("rule_set")

    @admin.display(description="asked when all of one line hold")
    def asked_when(self, question: Question) -> SafeString | str:
        """Return the groups under which the question is asked, one to a line."""
        groups = question.when.prefetch_related("criteria__question")
        return _lines(" and ".join(map(str, group.criteria.all())) for group in groups) or "always"

    @admin.display(description="read by")
    def read_by(self, question: Question) -> SafeString | str:
        """Return the rules and questions whose criteria read it."""
        readers = Criterion.objects.filter(question=question).select_related("group__rule", "group__question")
        return _lines(dict.fromkeys(criterion.group.owner for criterion in readers)) or "nothing"


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "version", "status", "published_at", "published_by", "digest")
    exclude = ("content",)


@admin.register(Site)
class SiteAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "name", "clinical", "region", "side", "plannable", "rule_set")
    list_filter = ("rule_set", "region", "plannable")


@admin.register(Source)
class SourceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "title", "note", "rule_set")


@admin.register(Treatment)
class TreatmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("code", "name", "plan", "description", "rule_set")


def _lines(values: Iterable[object]) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((str(value),) for value in values))
