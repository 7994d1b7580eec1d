from django.urls import path

from pledges.views import (
    blankforms,
    books,
    bulk,
    confirming,
    declining,
    drives,
    listentry,
    paper,
    rates,
    reading,
    remarks,
    renewing,
    reviews,
    reviewwriting,
    signedfiles,
    signedlists,
    signing,
    unsigned,
    withdrawing,
)

app_name = "pledges"
a_years_books = [
    path("so/", books.BookUnits.as_view(), name="bookjob_list"),
    path("so/lap/<str:public_id>/", books.BookOrder.as_view(), name="bookjob_order"),
    path("so/<str:public_id>/", books.BookDetail.as_view(), name="bookjob_detail"),
    path("so/<str:public_id>/huy/", books.BookCancel.as_view(), name="bookjob_cancel"),
    path("so/<str:public_id>/tep/", books.BookFile.as_view(), name="bookjob_file"),
]
own_reviews = [
    path("tu-danh-gia/", reviewwriting.SelfReviewWrite.as_view(), name="selfreview_write"),
    path("tu-danh-gia/cho-nhan-xet/", remarks.SelfReviewWaiting.as_view(), name="selfreview_waiting"),
    path("tu-danh-gia/danh-sach/", remarks.SelfReviewList.as_view(), name="selfreview_list"),
    path("tu-danh-gia/danh-sach/tai-ve/", remarks.SelfReviewExport.as_view(), name="selfreview_export"),
    path("tu-danh-gia/<str:public_id>/", reviews.SelfReviewDetail.as_view(), name="selfreview_detail"),
    path("tu-danh-gia/<str:public_id>/gui/", reviews.SelfReviewSend.as_view(), name="selfreview_send"),
    path(
        "tu-danh-gia/<str:public_id>/nhan-xet/", remarks.SelfReviewRemark.as_view(), name="selfreview_remark"
    ),
    path(
        "tu-danh-gia/<str:public_id>/cong-doan/",
        remarks.SelfReviewRemarkUnion.as_view(),
        name="selfreview_remark_union",
    ),
    path(
        "tu-danh-gia/<str:public_id>/tra-lai/", remarks.SelfReviewReturn.as_view(), name="selfreview_return"
    ),
    path("tu-danh-gia/<str:public_id>/hoan-tat/", remarks.SelfReviewClose.as_view(), name="selfreview_close"),
]
on_paper = [
    path("giay/", signedlists.SignedListList.as_view(), name="signedlist_list"),
    path("giay/don-vi/<str:public_id>/", blankforms.OnPaper.as_view(), name="onpaper"),
    path("giay/in/<str:public_id>/", blankforms.BlankOrder.as_view(), name="blankform_order"),
    path("giay/ban-in/<str:public_id>/", blankforms.BlankDetail.as_view(), name="blankform_detail"),
    path("giay/ban-in/<str:public_id>/tep/", blankforms.BlankFile.as_view(), name="blankform_file"),
    path("giay/nhap/<str:public_id>/", signedlists.SignedListCreate.as_view(), name="signedlist_create"),
    path("giay/<str:public_id>/", signedlists.SignedListDetail.as_view(), name="signedlist_detail"),
    path(
        "giay/<str:public_id>/them-trang/",
        signedlists.SignedListAddPages.as_view(),
        name="signedlist_add_pages",
    ),
    path("giay/<str:public_id>/ghi-nhan/", listentry.SignedListEnter.as_view(), name="signedlist_enter"),
    path("giay/<str:public_id>/huy/", listentry.SignedListWithdraw.as_view(), name="signedlist_withdraw"),
    path(
        "giay/<str:public_id>/trang/<int:number>/",
        signedlists.SignedListPage.as_view(),
        name="signedlist_page",
    ),
]
urlpatterns = [
    path("", reading.PledgeList.as_view(), name="pledge_list"),
    path("ky/", signing.PledgeSign.as_view(), name="pledge_sign"),
    path("ky-so/", signedfiles.SigningDraftCreate.as_view(), name="signingdraft_create"),
    path("ky-so/<str:public_id>/", signedfiles.SigningDraftDetail.as_view(), name="signingdraft_detail"),
    path("ky-so/<str:public_id>/tep/", signedfiles.SigningDraftFile.as_view(), name="signingdraft_file"),
    path("cua-toi/", reading.PledgeMine.as_view(), name="pledge_mine"),
    path("khong-ky/", declining.PledgeDecline.as_view(), name="pledge_decline"),
    path("khong-ky/rut-lai/", declining.RefusalEnd.as_view(), name="refusal_end"),
    path("nguoi-khong-ky/", declining.RefusalList.as_view(), name="refusal_list"),
    path("tap-the/<str:public_id>/", signing.CollectiveSign.as_view(), name="collective_sign"),
    path("noi-dung-don-vi/<str:public_id>/", renewing.AdditionWrite.as_view(), name="addition_write"),
    path("ky-lai/<str:public_id>/", renewing.RenewalAsk.as_view(), name="renewal_ask"),
    path("cho-xac-nhan/", bulk.BulkChoose.as_view(), name="bulkconfirmation_choose"),
    path("cho-xac-nhan/doc/", bulk.BulkRead.as_view(), name="bulkconfirmation_read"),
    path("hang-loat/<str:public_id>/", bulk.BulkDetail.as_view(), name="bulkconfirmation_detail"),
    path("hang-loat/<str:public_id>/huy/", bulk.BulkCancel.as_view(), name="bulkconfirmation_cancel"),
    *own_reviews,
    *on_paper,
    *a_years_books,
    path("ty-le/", rates.RateList.as_view(), name="rate_list"),
    path("ty-le/<str:public_id>/", rates.RateDetail.as_view(), name="rate_detail"),
    path("ty-le/<str:public_id>/tai-ve/", rates.RateExport.as_view(), name="rate_export"),
    path("chua-ky/", unsigned.UnsignedList.as_view(), name="unsigned_list"),
    path("chua-ky/<str:public_id>/", unsigned.UnsignedDetail.as_view(), name="unsigned_detail"),
    path("dot-ky/", drives.DriveSet.as_view(), name="drive_set"),
    path("<str:public_id>/", reading.PledgeDetail.as_view(), name="pledge_detail"),
    path("<str:public_id>/xac-nhan/", confirming.PledgeCountersign.as_view(), name="pledge_countersign"),
    path(
        "<str:public_id>/cong-doan-xac-nhan/",
        confirming.PledgeCountersignUnion.as_view(),
        name="pledge_countersign_union",
    ),
    path("<str:public_id>/tra-lai/", confirming.PledgeReturn.as_view(), name="pledge_return"),
    path("<str:public_id>/rut/", withdrawing.PledgeWithdraw.as_view(), name="pledge_withdraw"),
    path("<str:public_id>/thu-hoi/", withdrawing.PledgeRevoke.as_view(), name="pledge_revoke"),
    path("<str:public_id>/chuyen/", withdrawing.PledgeHandOver.as_view(), name="pledge_hand_over"),
    path("<str:public_id>/hoan-tat/", confirming.PledgeComplete.as_view(), name="pledge_complete"),
    path("<str:public_id>/tep-ky-so/", signedfiles.PledgeSignedFile.as_view(), name="pledge_signed_file"),
    path("<str:public_id>/ban-pdf/", paper.PledgePaper.as_view(), name="pledge_paper"),
]
