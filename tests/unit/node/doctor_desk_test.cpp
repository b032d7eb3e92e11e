// What the doctor finds around work orders.
#include "core/node/doctor_desk.h"

#include <gtest/gtest.h>

#include "core/desk/flow_file.h"

namespace citybridge {
namespace {

using Codes = std::vector<std::string>;

Codes codes(const std::vector<Ailment>& found) {
    Codes out;
    for (const Ailment& each : found) {
        EXPECT_FALSE(each.advice.empty());
        out.push_back(each.code);
    }
    return out;
}

TEST(DoctorOfTheDirectory, NamesEntriesOfNobodyPeopleOutOfReachAndUsersNobodyKnows) {
    Problems problems;
    const auto directory = desk::parse_directory("d.xml", R"(<directory>
  <entry name="repairs" title="R"><person name="Zhou" mobile="13900000001" user="zhou"/></entry>
  <entry name="finance" title="F"><person name="Wu" mobile="13900000002" until="2026-01-31"/></entry>
  <entry name="press" title="P"><person name="Li" mobile="13900000003" user="li"/></entry></directory>)",
                                                 problems);
    ASSERT_TRUE(problems.empty());
    std::vector<Ailment> found;
    // 2026-11-23
    check_directory(directory, {"zhou"}, desk::LocalDay{std::chrono::days{20'780}}, found);
    EXPECT_EQ(codes(found), (Codes{"directory.nobody", "directory.unknown_user"}));
    EXPECT_NE(found[0].detail.find("finance"), std::string::npos);
    EXPECT_NE(found[1].detail.find("user li"), std::string::npos);
}

TEST(DoctorOfChannels, NamesWhatNobodyCarries) {
    Problems problems;
    desk::FlowBook book;
    book.flows = desk::load_flows(CITYBRIDGE_SOURCE_DIR "/config/flows", problems);
    ASSERT_TRUE(problems.empty());
    std::vector<Ailment> found;
    check_channels(book, found);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(codes(found).front(), "channel.not_carried");
    book.channels = {{"email", "mail"}, {"sms", "texts"}};
    found.clear();
    check_channels(book, found);
    EXPECT_EQ(codes(found), Codes{});
}

}  // namespace
}  // namespace citybridge
