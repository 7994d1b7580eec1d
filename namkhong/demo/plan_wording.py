"""What the demo units write in their plans: aims, arrangements, who does what, and tasks of their own."""

from namkhong.demo import profiles

# {unit} with a small letter where it stands in the sentence: “trường”, “phường”; {year} the plan's year.
AIMS = [
    "Nâng cao nhận thức, trách nhiệm và thái độ phục vụ của CBCCVC {here}; mỗi người tự soi, tự sửa theo năm nội dung “không”.\n"
    "Gắn Cuộc vận động với nhiệm vụ chuyên môn năm {year}, có việc làm cụ thể, có người chịu trách nhiệm, có kiểm tra.",
    "Tạo chuyển biến rõ trong thực thi nhiệm vụ của CBCCVC {here}, trước hết ở những vị trí tiếp xúc với người dân.\n"
    "Việc thực hiện phải thiết thực, không hình thức, không chồng chéo với các phong trào khác trong năm {year}.",
    "Đưa năm nội dung “không” thành nền nếp làm việc hằng ngày {here}; phát hiện sớm, nhắc nhở kịp thời các biểu hiện tiêu cực.\n"
    "Lấy sự hài lòng của người được phục vụ làm thước đo kết quả năm {year}.",
    "Tiếp tục phát huy kết quả các năm trước, khắc phục những hạn chế đã nêu trong báo cáo năm {last}; giữ kỷ cương, kỷ luật {here}.\n"
    "Người đứng đầu nêu gương; mỗi bộ phận chọn ít nhất một việc để làm tốt hơn trong năm {year}.",
]
HERE = {
    profiles.SCHOOL: "của nhà trường",
    profiles.HEALTH: "của đơn vị",
    profiles.SERVICE: "của đơn vị",
    profiles.AGENCY: "của cơ quan",
    profiles.COMMUNE: "trên địa bàn",
}
ARRANGEMENTS = [
    "Cán bộ đầu mối theo dõi, đôn đốc, mỗi quý báo cáo người đứng đầu. Kinh phí bố trí trong dự toán chi thường xuyên.",
    "Các bộ phận cụ thể hóa thành lịch công tác tháng. Cán bộ đầu mối tổng hợp, lập báo cáo năm gửi trước ngày 15/11.",
    "Người đứng đầu chỉ đạo chung; cấp phó phụ trách từng nhóm nhiệm vụ. Sơ kết vào tháng 6, tổng kết vào tháng 11.",
    "Phân công theo bảng nhiệm vụ kèm theo; việc nào chậm phải nêu lý do tại cuộc họp giao ban gần nhất.",
]
ADDED_AFTER_RETURN = " Bổ sung: người đứng đầu kiểm tra việc thực hiện ít nhất một lần trong quý III."
RETURNS = [
    "Chưa phân công người chịu trách nhiệm theo dõi kế hoạch; đề nghị bổ sung ở phần tổ chức thực hiện.",
    "Phần tổ chức thực hiện chưa nêu việc tự kiểm tra; đề nghị bổ sung thời gian và người kiểm tra.",
    "Nhiều nhiệm vụ chưa ghi thời hạn và sản phẩm; đề nghị bổ sung để có cơ sở theo dõi.",
]
LEADS = {
    profiles.SCHOOL: ["Hiệu trưởng", "Phó Hiệu trưởng", "Tổ trưởng chuyên môn", "Tổ Văn phòng", "Ban Thanh tra nhân dân"],
    profiles.HEALTH: ["Giám đốc", "Phòng Tổ chức - Hành chính", "Phòng Điều dưỡng", "Các khoa, phòng", "Tổ công tác xã hội"],
    profiles.SERVICE: ["Giám đốc", "Phòng Tổ chức - Hành chính", "Phòng Nghiệp vụ", "Các phòng, tổ"],
    profiles.AGENCY: ["Văn phòng", "Giám đốc", "Các phòng chuyên môn", "Phòng Tổ chức cán bộ", "Các đơn vị trực thuộc"],
    profiles.COMMUNE: [
        "Văn phòng HĐND và UBND", "Phòng Văn hóa - Xã hội", "Phòng Kinh tế", "Trung tâm Phục vụ hành chính công", "Chủ tịch UBND",
    ],
}  # fmt: skip
SUPPORTS = [
    "Các bộ phận",
    "Ban Thanh tra nhân dân",
    "Đoàn Thanh niên",
    "Hội Cựu chiến binh",
    "Tổ công nghệ số",
    "",
    "",
]
PRODUCTS = [
    "Biên bản hội nghị", "Báo cáo kết quả", "Bản cam kết", "Quy chế được sửa đổi", "Tin, bài trên trang thông tin", "Bảng niêm yết",
    "Thông báo kết luận", "Sổ theo dõi góp ý", "", "",
]  # fmt: skip
# Own tasks: family → (group of the decision, words).
OWN_TASKS = {
    profiles.SCHOOL: [
        (
            1,
            "Sinh hoạt dưới cờ và họp hội đồng sư phạm theo chủ đề “Thầy cô nói không với tiêu cực” mỗi học kỳ một lần.",
        ),
        (2, "Rà soát quy chế chi tiêu nội bộ; công khai dự toán và các khoản thu tại bảng tin của trường."),
        (3, "Tiếp phụ huynh vào sáng thứ Bảy tuần đầu hằng tháng, trả lời ý kiến trong 3 ngày làm việc."),
        (4, "Lấy phiếu góp ý của giáo viên trước khi xét thi đua, công khai kết quả xét."),
        (6, "Kiểm tra việc dạy thêm, học thêm và việc sử dụng sổ điểm điện tử."),
    ],
    profiles.HEALTH: [
        (1, "Treo bảng tên, chức danh, số điện thoại góp ý tại từng phòng khám và phòng trực."),
        (2, "Niêm yết giá dịch vụ và danh mục thuốc bảo hiểm tại nơi đón tiếp."),
        (3, "Tập huấn kỹ năng giao tiếp, ứng xử với người bệnh cho toàn thể nhân viên."),
        (4, "Họp hội đồng người bệnh hằng tháng, ghi và trả lời ý kiến."),
        (6, "Kiểm tra đột xuất giờ trực và việc cấp phát thuốc, vật tư."),
    ],
    profiles.SERVICE: [
        (1, "Phổ biến quy tắc ứng xử cho người lao động tại từng tổ, bộ phận."),
        (2, "Sửa đổi quy chế mua sắm, quản lý tài sản, công khai kết quả."),
        (3, "Khảo sát ý kiến khách hàng sau mỗi lần phục vụ."),
        (6, "Kiểm tra việc thu phí, giá dịch vụ tại các điểm bán."),
    ],
    profiles.AGENCY: [
        (1, "Đưa nội dung Cuộc vận động vào sinh hoạt chuyên đề quý của cơ quan."),
        (2, "Cắt giảm thành phần hồ sơ của ít nhất hai thủ tục hành chính thuộc thẩm quyền."),
        (3, "Công khai tình trạng xử lý văn bản đến quá hạn của từng phòng trên mạng nội bộ."),
        (4, "Tổ chức hội nghị CBCCVC và đối thoại với người đứng đầu trong quý IV."),
        (6, "Kiểm tra công vụ đột xuất ít nhất hai phòng, đơn vị trực thuộc."),
    ],
    profiles.COMMUNE: [
        (1, "Phát trên đài truyền thanh cơ sở mỗi tháng một bài về gương người tốt, việc tốt trong CBCCVC."),
        (
            2,
            "Niêm yết và cập nhật thủ tục hành chính của chính quyền cấp xã mới tại trụ sở và các điểm hỗ trợ.",
        ),
        (3, "Tổ chức “Ngày thứ Năm không hẹn”: giải quyết ngay trong ngày các hồ sơ đơn giản."),
        (3, "Cử tổ công tác về thôn, tổ dân phố hướng dẫn nộp hồ sơ trực tuyến."),
        (4, "Chủ tịch UBND đối thoại với đại diện CBCCVC, giáo viên và nhân viên y tế trên địa bàn."),
        (6, "Lấy ý kiến người dân bằng phiếu tại nơi trả kết quả; công khai kết quả hằng quý."),
    ],
}
