from django.urls import include, path, register_converter

from clinic.self_check import doors
from clinic.self_check.views import asking, closing, opening


class WayConverter:
    """The part of an address that names a way in; it holds no secret."""

    regex = r"check|(?:link|tablet)-[a-z0-9]+"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


register_converter(WayConverter, "way")

pages = [
    path("", opening.welcome, name="welcome"),
    path("start/", opening.start, name="start"),
    path("age/", opening.age, name="age"),
    path("where/", opening.where, name="where"),
    path("step/<int:number>/", asking.step, name="step"),
    path("pause/", asking.pause, name="pause"),
    path("goals/", asking.goals, name="goals"),
    path("answers/", closing.answers, name="answers"),
    path("result/", closing.result, name="result"),
    path("send/", closing.send, name="send"),
    path("receipt/", closing.receipt, name="receipt"),
    path("clear/", closing.clear, name="clear"),
    path("gone/", closing.gone, name="gone"),
    path("over/", doors.over, name="over"),
]

urlpatterns = [
    path("<slug:slug>/", doors.clinic_door, name="clinic-door"),
    path("<slug:slug>/link/<str:secret>/", doors.link_door, name="link-door"),
    path("<slug:slug>/<way:way>/birth/", doors.birth, name="birth"),
    path("<slug:slug>/<way:way>/", include((pages, "self-check"))),
]
