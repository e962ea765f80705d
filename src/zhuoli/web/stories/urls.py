"""Addresses of the stories, in the demonstration."""

from __future__ import annotations

from django.urls import path

from zhuoli.web.stories import pages

urlpatterns = [
    path("stories/", pages.stories_page, name="stories"),
    path("stories/next/", pages.next_page, name="stories.next"),
    path("stories/rest/", pages.rest_page, name="stories.rest"),
    path("stories/skip/", pages.skip_page, name="stories.skip"),
    path("stories/leave/", pages.leave_page, name="stories.leave"),
    path("stories/now/", pages.now_page, name="stories.now"),
    path("stories/steps/<int:step>/", pages.step_page, name="stories.step"),
    path("stories/<slug:scenario>/<slug:example>/", pages.story_page, name="story"),
    path("stories/<slug:scenario>/<slug:example>/start/", pages.start_page, name="story.start"),
]
