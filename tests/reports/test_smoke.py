from reports import services, sheet


def test_smoke(report, cast):
    figs = sheet.figures_of(report.current())
    for f in figs[:14]:
        print(f.indicator.code, f.category, f.computed)
    services.present(report=report, by=cast.clerk)
    r = services.submit_report(report=report, by=cast.head)
    v = r.last_sent()
    r = services.return_report(report=r, by=cast.home_affairs, reason="sai", seen_sha256=v.sha256)
    r = services.submit_report(report=r, by=cast.head)
    r = services.recall(report=r, by=cast.head)
    r = services.submit_report(report=r, by=cast.head)
    services.accept_report(report=r, by=cast.home_affairs, seen_sha256=r.last_sent().sha256)
