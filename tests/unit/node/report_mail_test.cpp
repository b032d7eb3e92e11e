// Scheduled reports go out by mail: the row names the files, the message holds them.
#include "core/node/report_mail.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "core/reports/definitions.h"

namespace citybridge {
namespace {

using Json = nlohmann::json;

reports::Report report(const std::string& schedule, Problems& problems) {
    auto read =
        reports::read_report("r.xml",
                             R"(<report name="daily" title="日报" title_en="Daily" roles="supervisor" rows="group">
  <column figure="orders_opened"/>)" +
                                 schedule + "</report>",
                             problems);
    return read.value_or(reports::Report{});
}

desk::FlowBook book() {
    Problems problems;
    desk::FlowBook out;
    out.directory = desk::parse_directory("d.xml", R"(<directory><entry name="site" title="Site">
  <person name="Gone" email="gone@example.com" until="2026-01-31"/>
  <person name="Zhou" email="zhou@example.com" user="zhou"/></entry></directory>)",
                                          problems);
    out.channels["email"] = "mail";
    EXPECT_TRUE(problems.empty());
    return out;
}

class ReportMail : public testing::Test {
protected:
    ReportMail() : folder_(std::filesystem::temp_directory_path() / ("report_mail_" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder_);
        std::ofstream(file()) << "group,opened\nsales,3\n";
        Problems problems;
        report_ = report(R"(<schedule every="day" formats="csv" mail_to="directory:site user:zhou boss@example.com"/>)",
                         problems);
        EXPECT_TRUE(problems.empty());
    }
    ~ReportMail() override { std::filesystem::remove_all(folder_); }
    std::string file() const { return (folder_ / "daily_20261123-0000.csv").string(); }
    std::vector<OutboxRecord> mails(const desk::FlowBook& by) const {
        return report_mails({report_, "from", "to", "2026-11-23", {file()}, "report.daily.1-2"}, by, WallTime{});
    }
    Result<std::string> rendered(const OutboxRecord& row) const {
        return render_report_mail(book(), "beijing", desk::LocalDay{std::chrono::days{20'780}}, row);
    }

    std::filesystem::path folder_;
    reports::Report report_;
};

TEST_F(ReportMail, EachRecipientGetsAMessageWithTheFilesInIt) {
    const auto rows = mails(book());
    ASSERT_EQ(rows.size(), 3U);
    const std::vector<std::string> addresses{"zhou@example.com", "zhou@example.com", "boss@example.com"};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(rows[i].destination, "mail");
        EXPECT_EQ(rows[i].kind, "tell_email");
        EXPECT_EQ(rows[i].id, "report.daily.1-2.mail." + std::to_string(i + 1));
        EXPECT_TRUE(is_report_mail(rows[i]));
        EXPECT_EQ(rows[i].payload.find("sales,3"), std::string::npos) << "what is in the file is in no row";
        const auto text = rendered(rows[i]);
        ASSERT_TRUE(text) << text.error().detail;
        const Json mail = Json::parse(*text);
        EXPECT_EQ(mail["to"], addresses[i]);
        EXPECT_EQ(mail["channel"], "email");
        EXPECT_EQ(mail["subject"], "日报 2026-11-23");
        ASSERT_EQ(mail["attachments"].size(), 1U);
        EXPECT_EQ(mail["attachments"][0]["name"], "daily_20261123-0000.csv");
        EXPECT_EQ(mail["attachments"][0]["type"], "text/csv; charset=utf-8");
        // RFC 4648 of the file's text.
        EXPECT_EQ(mail["attachments"][0]["base64"], "Z3JvdXAsb3BlbmVkCnNhbGVzLDMK");
    }
}

TEST_F(ReportMail, WithoutAPluginForMailThereIsNone) {
    desk::FlowBook none = book();
    none.channels.clear();
    EXPECT_TRUE(mails(none).empty());
}

TEST_F(ReportMail, AFileThatIsGoneAndSomebodyWithoutAnAddressAreSaid) {
    const auto rows = mails(book());
    std::filesystem::remove(file());
    EXPECT_EQ(rendered(rows[0]).error().code, "report.gone");
    report_.schedule->mail_to = {"user:nobody"};
    EXPECT_EQ(rendered(mails(book())[0]).error().code, "tell.no_address");
}

TEST_F(ReportMail, TooBigForAMailIsSaid) {
    std::filesystem::resize_file(file(), kMostAttached + 1);
    EXPECT_EQ(rendered(mails(book())[0]).error().code, "report.too_big");
}

TEST_F(ReportMail, WrongRecipientsAreRefusedWithTheirPlace) {
    Problems problems;
    report(R"(<schedule every="day" formats="csv" mail_to="boss"/>)", problems);
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_EQ(problems[0].where.line, 2);
    EXPECT_NE(problems[0].message.find("names nobody"), std::string::npos);
}

}  // namespace
}  // namespace citybridge
