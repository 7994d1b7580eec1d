"""What the demo units write in their yearly reports, heading by heading.

Figures in the words come from the same report. Words of the headings that the roll-up quotes (III.2–III.4, V) come from
short lists, so that several units say the same, as they do.
"""

from namkhong.demo import profiles

SCHOOL, HEALTH, SERVICE = profiles.SCHOOL, profiles.HEALTH, profiles.SERVICE
AGENCY, COMMUNE = profiles.AGENCY, profiles.COMMUNE
ANY = "any"

# Heading → family (or ANY) → passages, of which one is taken.
PASSAGES: dict[str, dict[str, list[str]]] = {
    "I.1": {
        SCHOOL: [
            "Nhà trường có {total} cán bộ quản lý, giáo viên, nhân viên. Tập thể ổn định; một số giáo viên dạy hai điểm trường nên khó bố trí sinh hoạt chung.",
            "Tổng số {total} người. Đội ngũ đoàn kết, trình độ đạt chuẩn; cơ sở vật chất được bổ sung trong năm, phụ huynh quan tâm phối hợp.",
        ],
        HEALTH: [
            "Đơn vị có {total} viên chức, người lao động. Lượng người bệnh tăng so với năm trước, nhiều ca trực phải tăng cường người.",
            "Đơn vị có {total} người, phần lớn trực tiếp khám, chăm sóc người bệnh nên áp lực trong giao tiếp, ứng xử hằng ngày là rất lớn.",
        ],
        SERVICE: [
            "Đơn vị có {total} viên chức, người lao động, làm việc ở nhiều địa điểm; phải chia ca khi phổ biến, quán triệt.",
            "Tổng số {total} người. Đơn vị tự bảo đảm một phần chi thường xuyên nên việc công khai thu, chi được CBCCVC quan tâm.",
        ],
        AGENCY: [
            "Cơ quan và các đơn vị trong phạm vi báo cáo ({units} đơn vị, bộ phận) có {total} CBCCVC và người lao động. Tổ chức bộ máy sau sắp xếp đã ổn định, chức năng, nhiệm vụ rộng hơn trước.",
            "Trong phạm vi báo cáo có {units} đơn vị, bộ phận với {total} người. Nhiều việc được phân cấp cho cấp xã nên nhiệm vụ hướng dẫn, kiểm tra tăng.",
        ],
        COMMUNE: [
            "Phạm vi báo cáo gồm {units} đơn vị, bộ phận với {total} CBCCVC và người lao động. Chính quyền cấp xã mới hoạt động từ ngày 01/7/2025, địa bàn rộng, số hồ sơ tiếp nhận trong ngày lớn.",
            "UBND và các đơn vị trong phạm vi báo cáo ({units} đơn vị, bộ phận) có {total} người. Thuận lợi là đội ngũ được sắp xếp lại theo năng lực; khó khăn là trụ sở phân tán, một số vị trí kiêm nhiệm.",
        ],
    },
    "I.2": {
        ANY: [
            "- Kế hoạch số {number}/KH-{abbr} ngày {plan_on} thực hiện Cuộc vận động năm {year};\n- Thông báo phân công theo dõi Cuộc vận động ở từng bộ phận.",
            "- Kế hoạch số {number}/KH-{abbr} ngày {plan_on} về thực hiện Cuộc vận động “Năm không” năm {year};\n- Công văn đôn đốc ký cam kết và tự kiểm tra trong quý II, quý III.",
            "Ban hành Kế hoạch số {number}/KH-{abbr} ngày {plan_on}; đưa các nội dung của Cuộc vận động vào nghị quyết hội nghị CBCCVC và lịch công tác hằng tháng.",
        ],
    },
    "I.3": {
        ANY: [
            "Phổ biến, quán triệt tại {meetings} hội nghị, sinh hoạt với {attendances} lượt người dự. Đến ngày chốt số liệu có {pledged} người đã ký bản cam kết.",
            "Sau khi có kế hoạch, người đứng đầu trực tiếp quán triệt; việc ký cam kết làm trên hệ thống, hiện có {pledged}. Người nghỉ thai sản, nghỉ ốm dài ngày ký sau khi đi làm lại.",
            "Tổ chức ký cam kết cùng hội nghị CBCCVC đầu năm; tổng số đã ký {pledged}. Số chưa ký chủ yếu là người mới tuyển dụng hoặc đang đi học.",
        ],
    },
    "II.1": {
        SCHOOL: [
            "Lồng ghép trong họp hội đồng sư phạm và sinh hoạt tổ chuyên môn; có {articles} tin, bài về việc làm tốt của giáo viên đăng trên trang của trường.",
            "Kể chuyện gương nhà giáo tận tụy trong các buổi sinh hoạt dưới cờ; phụ huynh được thông báo các quy định về thu, chi ngay từ đầu năm học.",
        ],
        COMMUNE: [
            "Đài truyền thanh cơ sở phát {articles} tin, bài; niêm yết năm nội dung “không” tại nơi tiếp nhận hồ sơ và các nhà văn hóa thôn, tổ dân phố.",
            "Tuyên truyền qua loa truyền thanh, nhóm Zalo của tổ dân phố và các buổi tiếp xúc cử tri; có {articles} tin, bài về cán bộ làm tốt công tác dân vận.",
        ],
        ANY: [
            "Đưa vào sinh hoạt chuyên đề và giao ban hằng tháng; {articles} tin, bài được đăng trên trang thông tin điện tử.",
            "Phát tài liệu hỏi đáp ngắn đến từng bộ phận; biểu dương tại giao ban những người được người dân, tổ chức khen ngợi. Có {articles} tin, bài.",
        ],
    },
    "II.2": {
        SCHOOL: [
            "Sửa đổi quy chế chi tiêu nội bộ, quy chế dân chủ; công khai {procedures} nội dung theo quy định tại bảng tin và trang của trường.",
            "Góp ý dự thảo quy định về dạy thêm, học thêm ({contributions} lượt ý kiến); công khai {procedures} quy trình, biểu mẫu.",
        ],
        COMMUNE: [
            "Niêm yết, cập nhật {procedures} thủ tục hành chính thuộc thẩm quyền cấp xã; góp ý {contributions} lượt đối với các dự thảo văn bản của thành phố.",
            "Rà soát lại quy trình nội bộ sau khi không còn cấp huyện; công khai {procedures} thủ tục, tham gia {contributions} lượt góp ý chính sách.",
        ],
        ANY: [
            "Tham gia {contributions} lượt góp ý dự thảo văn bản; công khai {procedures} thủ tục, quy trình; sửa đổi quy chế làm việc và quy chế chi tiêu nội bộ.",
            "Công khai {procedures} thủ tục, quy trình trên trang thông tin; có {contributions} lượt góp ý, tập trung vào chế độ công vụ và phân cấp quản lý.",
        ],
    },
    "II.3": {
        SCHOOL: [
            "Giáo viên thực hiện nghiêm giờ giấc, hồ sơ chuyên môn; ý kiến của phụ huynh được ghi sổ và trả lời đúng hẹn.",
            "Giữ quan hệ đúng mực với học sinh, phụ huynh; không có phản ánh về thái độ phục vụ trong học kỳ II.",
        ],
        HEALTH: [
            "Duy trì đường dây nóng, hòm thư góp ý; nhân viên đeo thẻ, giới thiệu tên khi tiếp người bệnh.",
            "Tập huấn giao tiếp, ứng xử cho toàn thể nhân viên; rút ngắn thời gian chờ khám ở khâu đón tiếp.",
        ],
        COMMUNE: [
            "Hồ sơ trễ hẹn đều có thư xin lỗi và hẹn lại; bố trí người hướng dẫn nộp hồ sơ trực tuyến ngay tại nơi tiếp nhận.",
            "Phân công lãnh đạo trực tại nơi tiếp nhận hồ sơ mỗi sáng thứ Hai; tổ lưu động về thôn giúp người già, người khuyết tật làm thủ tục.",
        ],
        ANY: [
            "Chấp hành nội quy, giờ làm việc; văn bản đến được phân công và theo dõi thời hạn trên hệ thống, số quá hạn giảm so với năm {last}.",
            "Thực hiện quy tắc ứng xử, văn hóa công sở; phản ánh qua đường dây nóng được trả lời trong 3 ngày làm việc.",
        ],
    },
    "II.4": {
        ANY: [
            "Hội nghị CBCCVC bàn và biểu quyết quy chế nội bộ; {dialogue}. Người đứng đầu tự phê bình trước tập thể về những việc chậm trong năm.",
            "Thực hiện quy chế dân chủ cơ sở, công khai tài chính, quy hoạch, khen thưởng; {dialogue}. Bản cam kết được dùng làm căn cứ khi kiểm điểm cuối năm.",
            "Góp ý thẳng thắn, không nể nang trong sinh hoạt; {dialogue}.",
        ],
    },
    "II.5": {
        SCHOOL: [
            "Gắn với phong trào “Dạy tốt, học tốt” và việc học tập, làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh. Kết quả xếp loại theo năm học {last} - {year}.",
        ],
        ANY: [
            "Gắn với việc thực hiện Chỉ thị 05-CT/TW và quy tắc ứng xử của CBCCVC. Chưa xếp loại năm {year}; số liệu xếp loại là của năm {last}.",
            "Lồng ghép với phong trào thi đua của cơ quan và công tác cải cách hành chính. Kết quả xếp loại năm {last} được ghi ở phụ lục; năm {year} xếp loại trong tháng 12.",
        ],
    },
    "II.6": {
        ANY: [
            "Tổ chức {inspections} cuộc kiểm tra, tự kiểm tra; tiếp nhận {received} đơn thuộc phạm vi, đã giải quyết {resolved}. Lấy ý kiến {returned} phiếu, {satisfied} phiếu hài lòng.",
            "Kiểm tra {inspections} cuộc, tập trung giờ giấc và việc tiếp nhận, trả kết quả; {returned} phiếu lấy ý kiến thu về, trong đó {satisfied} phiếu hài lòng. Đơn thư: nhận {received}, giải quyết {resolved}.",
        ],
    },
    "III.1": {
        ANY: [
            "Cuộc vận động được triển khai sớm, có phân công cụ thể; ý thức, trách nhiệm của CBCCVC chuyển biến, không để xảy ra vụ việc phức tạp.",
            "Người đứng đầu quan tâm chỉ đạo, nêu gương; việc ký cam kết gắn với nhiệm vụ của từng người nên dễ kiểm tra.",
            "Mức độ hài lòng của người được phục vụ tăng so với năm {last}; các kiến nghị trong đối thoại được trả lời cơ bản đầy đủ.",
        ],
    },
    "IV": {
        ANY: [
            "- Tiếp tục quán triệt và ký cam kết năm {next_year} trong quý I;\n- Tự kiểm tra ít nhất hai lần trong năm;\n- Tổ chức đối thoại trước tháng 10.",
            "- Ban hành kế hoạch năm {next_year} trước ngày 31/01;\n- Khắc phục các hạn chế đã nêu, có thời hạn cho từng việc;\n- Biểu dương kịp thời người làm tốt.",
            "- Duy trì lấy ý kiến người được phục vụ hằng quý;\n- Rà soát quy chế nội bộ, công khai trên mạng;\n- Bồi dưỡng kỹ năng giao tiếp cho người mới tuyển dụng.",
        ],
    },
}  # fmt: skip

# Heading → lines, of which one to three are taken.
LINES: dict[str, list[str]] = {
    "III.2": [
        "Công tác tuyên truyền có lúc chưa thường xuyên, hình thức chưa phong phú.",
        "Việc tự phê bình và phê bình ở một số bộ phận còn nể nang.",
        "Một số nội dung cam kết còn chung chung, khó kiểm tra.",
        "Vẫn còn hồ sơ giải quyết chậm so với thời hạn.",
        "Việc ghi chép, lưu minh chứng phục vụ báo cáo chưa đầy đủ.",
        "Số phiếu lấy ý kiến thu về còn thấp ở các điểm xa trung tâm.",
        "Người mới tuyển dụng ký cam kết còn chậm.",
        "Chưa có nhiều gương điển hình được phát hiện, nhân rộng.",
    ],
    "III.3": [
        "Khách quan: khối lượng công việc tăng sau khi sắp xếp tổ chức bộ máy.",
        "Khách quan: trụ sở phân tán, đường truyền ở một số điểm chưa ổn định.",
        "Khách quan: nhiều người kiêm nhiệm, thời gian dành cho Cuộc vận động còn ít.",
        "Chủ quan: một số người chưa nhận thức đầy đủ về ý nghĩa của Cuộc vận động.",
        "Chủ quan: công tác kiểm tra, nhắc nhở của người phụ trách bộ phận chưa thường xuyên.",
        "Chủ quan: cán bộ đầu mối chưa chủ động tham mưu.",
    ],
    "III.4": [
        "Người đứng đầu gương mẫu và kiểm tra thường xuyên thì nơi đó chuyển biến rõ.",
        "Phải chọn việc cụ thể, gắn với nhiệm vụ hằng ngày, tránh làm theo phong trào.",
        "Công khai, minh bạch ngay từ đầu là cách phòng ngừa tốt nhất.",
        "Phản ánh của người dân cần được trả lời sớm, kể cả khi chưa giải quyết xong.",
    ],
    "V": [
        "Đề nghị Sở Nội vụ hướng dẫn thống nhất cách tính số người vi phạm khi một người bị xử lý nhiều hình thức.",
        "Đề nghị Sở Nội vụ tổ chức tập huấn cho cán bộ đầu mối cấp xã về số liệu và báo cáo.",
        "Đề nghị cung cấp mẫu phiếu lấy ý kiến dùng chung, có bản trực tuyến.",
        "Đề nghị hướng dẫn việc xác nhận cam kết ở nơi không còn công đoàn cơ sở.",
        "Đề nghị bố trí kinh phí tuyên truyền cho các xã miền núi.",
        "Đề nghị cho phép báo cáo kết quả xếp loại sau khi có kết quả chính thức của năm.",
        "Đề nghị UBND thành phố sớm ban hành quy tắc ứng xử mới thay thế các quy định cũ.",
        "Đề nghị có hình thức khen thưởng chuyên đề cho tập thể, cá nhân thực hiện tốt Cuộc vận động.",
        "Đề nghị bổ sung biên chế cho nơi tiếp nhận và trả kết quả của cấp xã.",
        "Đề nghị chia sẻ cách làm hay giữa các đơn vị qua hội nghị trực tuyến giữa năm.",
    ],
}
HAS_PROPOSALS = 0.4
NO_PROPOSALS = "Không."
# What a report that is being written has so far.
BEGUN = ("I.1", "I.2", "I.3", "II.1")

REPORT_RETURNS = [
    "Mục II.1 chưa nêu kết quả giải quyết kiến nghị sau đối thoại; đề nghị bổ sung.",
    "Số lượt người dự hội nghị chưa khớp với số cuộc; đề nghị kiểm tra lại phụ lục II.",
    "Phụ lục IV chưa rõ số phiếu thu về của các đơn vị trực thuộc; đề nghị rà soát.",
    "Mục III.2 còn chung chung, đề nghị nêu hạn chế cụ thể và nơi xảy ra.",
]
MENDED = (
    "Các kiến nghị nêu trong buổi đối thoại đã được trả lời bằng văn bản, số liệu phụ lục đã rà soát lại."
)
TYPED_OVER_NOTE = "Có người ký bản giấy, đang cập nhật lên hệ thống."
DIALOGUE_HELD = "đã tổ chức gặp mặt, đối thoại ngày {day}"
DIALOGUE_MISSED = "chưa tổ chức được buổi đối thoại riêng, sẽ làm trong tháng 12"
