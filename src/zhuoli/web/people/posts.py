"""One's own posts: where their work begins, and acting as another of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhuoli.office.access import require_post
from zhuoli.store.models import Post
from zhuoli.web import viewers
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.wording import text


@require_safe
def start_page(request: HttpRequest) -> HttpResponse:
    """Lead to where the viewer's post works."""
    page = asked(request)
    return redirect(viewers.start_page(page.viewer, page.lang))


@require_http_methods(["GET", "HEAD", "POST"])
def choose_own_page(request: HttpRequest) -> HttpResponse:
    """Show one's own posts, and act as another of them."""
    if request.method != "POST":
        require_post(asked(request).viewer)
        held = Post.objects.filter(user_id=request.user.pk or 0).select_related("unit").order_by("id")
        return render(request, "people/posts.html", {"posts": held, "page": "posts"})
    post = request.POST.get("post", "")
    if (
        not request.user.is_authenticated
        or not Post.objects.filter(pk=post, user_id=request.user.pk).exists()
    ):
        raise not_found(text("error.no_post"))
    viewers.choose_post(request, post)
    return redirect("desk.start", asked(request).lang)
