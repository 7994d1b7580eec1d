from tests.pledges.acts import *
from pledges.models import Pledge
def test_flow(cast, campaign, client_of, post_form):
    c = client_of(cast.school_official)
    r = c.get("/cam-ket/ky/")
    assert r.status_code == 200, r.content.decode()
    import re
    sha = re.search(r'name="seen_sha256" value="(\w+)"', r.content.decode())[1]
    r = post_form(c, "/cam-ket/ky/", {"seen_sha256": sha, "own_words": "Không dạy thêm."})
    assert r.status_code == 302, r.content.decode()
    p = Pledge.objects.get()
    for u in (cast.school_official, cast.school_head, cast.union_chair, cast.head, cast.clerk, cast.home_affairs):
        r = client_of(u).get(p.get_absolute_url()); assert r.status_code==200
        if u != cast.school_official:
            r = client_of(u).get("/cam-ket/"); assert r.status_code==200
        r = client_of(u).get("/"); print(u, r.status_code)
    p = confirm(p, cast.school_head); assert p.status=="awaiting_union"
    p = confirm_for_union(p, cast.union_chair); assert p.status=="complete"
    print(client_of(cast.school_official).get(p.get_absolute_url()).content.decode())
