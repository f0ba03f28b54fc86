"""The patients' pages of what they take along, and of a document shared with them by link."""

from django.urls import path

# Its import gives addresses the converter `way`.
import clinic.self_check.urls  # noqa: F401
from clinic.documents import handing_over_views, shared_views

urlpatterns = [
    path("<slug:slug>/<way:way>/result/copy/", handing_over_views.result_copy, name="self-check-copy"),
    path("<slug:slug>/<way:way>/result/letter/", handing_over_views.result_letter, name="self-check-letter"),
    path("<slug:slug>/<way:way>/copy/", shared_views.shared_copy, name="shared-copy"),
    path("<slug:slug>/<way:way>/copy/paper/", shared_views.shared_paper, name="shared-copy-paper"),
]
