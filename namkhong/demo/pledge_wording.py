"""What people of the demo province add to their pledge in their own words, and what they are told when it is returned."""

from namkhong.demo import profiles

OWN_WORDS = {
    profiles.SCHOOL: [
        "Không dạy thêm trái quy định; đánh giá học sinh công bằng, đúng năng lực.",
        "Công khai các khoản thu với phụ huynh ngay từ đầu năm học.",
        "Lắng nghe phụ huynh, trả lời mọi ý kiến trong vòng 3 ngày làm việc.",
        "Không nhận quà của phụ huynh dưới mọi hình thức.",
        "Soạn giáo án đầy đủ, không sao chép; tự học thêm một chuyên đề mỗi học kỳ.",
        "Không chạy theo thành tích khi chấm điểm và khi tổng kết năm học.",
        "Ứng xử mẫu mực với học sinh, không có lời nói xúc phạm.",
    ],
    profiles.HEALTH: [
        "Đón tiếp người bệnh niềm nở, hướng dẫn đến nơi đến chốn.",
        "Kê đơn hợp lý, không chỉ định xét nghiệm khi không cần thiết.",
        "Không gợi ý, không nhận tiền, quà của người bệnh và người nhà.",
        "Trực đúng giờ, có mặt tại trạm trong phiên trực kể cả ngày lễ.",
        "Giải thích rõ chi phí trước khi làm thủ thuật.",
        "Cấp phát thuốc đúng, đủ, công khai cho từng người bệnh.",
    ],
    profiles.COMMUNE: [
        "Trả kết quả hồ sơ đúng hẹn; nếu chậm phải xin lỗi và hẹn lại bằng văn bản.",
        "Hướng dẫn một lần, đầy đủ, không để người dân đi lại nhiều lần.",
        "Không tiếp nhận hồ sơ ngoài quy trình, không hẹn gặp riêng người nộp hồ sơ.",
        "Trả lời điện thoại đường dây nóng trong giờ hành chính.",
        "Xuống thôn, tổ dân phố ít nhất mỗi tháng một lần để nghe ý kiến của bà con.",
        "Giải thích bằng tiếng của đồng bào khi bà con chưa rõ thủ tục.",
    ],
    profiles.AGENCY: [
        "Tham mưu đúng hạn, chịu trách nhiệm về số liệu mình cung cấp.",
        "Không để văn bản được giao quá hạn mà không báo cáo lý do.",
        "Không gợi ý đơn vị cơ sở đón tiếp, tặng quà khi đi kiểm tra.",
        "Trả lời câu hỏi của cấp xã trong vòng 2 ngày làm việc.",
        "Công khai tiến độ xử lý hồ sơ của doanh nghiệp trên hệ thống.",
        "Thực hành tiết kiệm trong sử dụng xe, điện và văn phòng phẩm.",
    ],
    profiles.SERVICE: [
        "Cung cấp dịch vụ đúng giá niêm yết, không thu thêm.",
        "Kiểm tra, bảo quản tài sản được giao; không sử dụng vào việc riêng.",
        "Nghiệm thu đúng khối lượng thực tế.",
        "Phục vụ khách chu đáo, tiếp nhận góp ý với thái độ cầu thị.",
        "Công khai kết quả đấu thầu, mua sắm của bộ phận.",
    ],
}  # fmt: skip
LEADERS_WORDS = [
    "Công khai lịch tiếp công dân và trực tiếp tiếp theo đúng lịch.",
    "Phân công công việc rõ người, rõ việc, rõ thời hạn; không bao che khi có sai phạm.",
    "Công khai việc bổ nhiệm, luân chuyển, khen thưởng và sử dụng kinh phí.",
    "Chịu trách nhiệm trước cấp trên khi trong đơn vị có người vi phạm mà không phát hiện kịp thời.",
    "Đối thoại với CBCCVC của đơn vị ít nhất một năm một lần.",
]
WITHDRAWALS = [
    "Ghi nhầm nội dung cụ thể, xin ký lại.",
    "Vừa được giao nhiệm vụ khác, xin ghi lại cho đúng.",
]
PLEDGE_RETURNS = [
    "Đề nghị ghi nội dung cụ thể gắn với nhiệm vụ đang được giao.",
    "Nội dung cụ thể chưa đúng với vị trí việc làm hiện nay, đề nghị ghi lại.",
    "Đề nghị bổ sung nội dung về công khai các khoản thu, chi được giao phụ trách.",
    "Nội dung cụ thể còn chung chung, đề nghị nêu việc làm và thời hạn.",
]
