"""Addresses below /bao-cao/."""

from django.urls import path

from reports.views import lines, rollups, rounds, steps, unitreports, waivers, years

app_name = "reports"
urlpatterns = [
    path("", unitreports.UnitReportList.as_view(), name="unitreport_list"),
    path("ky/", rounds.RoundList.as_view(), name="round_list"),
    path("ky/mo/", rounds.RoundCreate.as_view(), name="round_create"),
    path("ky/<slug:public_id>/", rounds.RoundBoard.as_view(), name="round_board"),
    path("ky/<slug:public_id>/lap/", unitreports.UnitReportBegin.as_view(), name="unitreport_begin"),
    path("ky/<slug:public_id>/tong-hop/", rollups.RollupCompile.as_view(), name="rollup_compile"),
    path("ky/<slug:public_id>/mien/", waivers.WaiverGrant.as_view(), name="waiver_grant"),
    path("mien/<slug:public_id>/bo/", waivers.WaiverWithdraw.as_view(), name="waiver_withdraw"),
    path("theo-nganh/", lines.LineTotals.as_view(), name="line_totals"),
    path("tong-hop/<slug:public_id>/", rollups.RollupDetail.as_view(), name="rollup_detail"),
    path("tong-hop/<slug:public_id>/huy/", rollups.RollupCancel.as_view(), name="rollup_cancel"),
    path("tong-hop/<slug:public_id>/van-ban/", rollups.RollupPaper.as_view(), name="rollup_paper"),
    path("so-lieu-cac-nam/", years.YearFigures.as_view(), name="year_figures"),
    path("<slug:public_id>/", unitreports.UnitReportDetail.as_view(), name="unitreport_detail"),
    path("<slug:public_id>/sua/", unitreports.UnitReportEdit.as_view(), name="unitreport_edit"),
    path("<slug:public_id>/lay-so-lieu/", steps.UnitReportRefresh.as_view(), name="unitreport_refresh"),
    path("<slug:public_id>/trinh/", steps.UnitReportPresent.as_view(), name="unitreport_present"),
    path("<slug:public_id>/rut-ve/", steps.UnitReportWithdraw.as_view(), name="unitreport_withdraw"),
    path("<slug:public_id>/gui/", steps.UnitReportSubmit.as_view(), name="unitreport_submit"),
    path("<slug:public_id>/thu-hoi/", steps.UnitReportRecall.as_view(), name="unitreport_recall"),
    path("<slug:public_id>/tra-lai/", steps.UnitReportReturn.as_view(), name="unitreport_return"),
    path("<slug:public_id>/tiep-nhan/", steps.UnitReportAccept.as_view(), name="unitreport_accept"),
]
