// The tree of dispositions (A10): what its file may say, and what a contact may get.
#include <filesystem>
#include <fstream>

#include "tests/unit/desk/papers_world.h"

namespace citybridge::desk::testing {
namespace {

struct DispositionFile : ::testing::Test {
    std::string path = std::filesystem::temp_directory_path() / ("dispositions-" + std::to_string(::getpid()) + ".xml");
    Problems problems;
    DispositionTree read(const std::string& text) {
        std::ofstream(path) << text;
        return load_dispositions(path, problems);
    }
    // "line:column" of the first problem.
    std::string place() const {
        if (problems.empty()) return "none";
        return std::to_string(problems[0].where.line) + ":" + std::to_string(problems[0].where.column);
    }
    ~DispositionFile() override { std::filesystem::remove(path); }
};

Centre shipped_centre() {
    Problems problems;
    Centre centre;
    centre.dispositions = load_dispositions(CITYBRIDGE_SOURCE_DIR "/config/dispositions/standard.xml", problems);
    for (const Problem& problem : problems) ADD_FAILURE() << to_string(problem);
    return centre;
}

TEST_F(DispositionFile, the_shipped_tree_has_the_types_of_the_centres) {
    const Centre centre = shipped_centre();
    EXPECT_EQ(centre.dispositions.roots.size(), 7U);
    // FLOWS.md A10: business inquiry is divided into sale, rental, property management, finance.
    const Disposition* business = centre.dispositions.find("business_inquiry");
    ASSERT_NE(business, nullptr);
    EXPECT_EQ(business->children.size(), 4U);
    ASSERT_NE(centre.dispositions.find("rental"), nullptr);
    EXPECT_EQ(centre.dispositions.find("rental")->path, "business_inquiry/rental");
    EXPECT_NE(centre.dispositions.find("other_city"), nullptr);
    EXPECT_EQ(centre.dispositions.find("nothing"), nullptr);
}

TEST_F(DispositionFile, any_depth_is_read) {
    const auto tree = read(
        "<dispositions>\n"
        " <disposition code=\"a\" title=\"A\"><disposition code=\"b\" title=\"B\">"
        "<disposition code=\"c\" title=\"C\"/></disposition></disposition>\n"
        "</dispositions>");
    EXPECT_TRUE(problems.empty());
    ASSERT_NE(tree.find("c"), nullptr);
    EXPECT_EQ(tree.find("c")->path, "a/b/c");
}

TEST_F(DispositionFile, a_code_used_twice_is_told_with_its_place) {
    const auto tree = read(
        "<dispositions>\n"
        "  <disposition code=\"sale\" title=\"A\"/>\n"
        "  <disposition code=\"sale\" title=\"B\"/>\n"
        "</dispositions>");
    EXPECT_EQ(place(), "3:16");
    EXPECT_TRUE(tree.empty()) << "a bad file gives nothing";
}

TEST_F(DispositionFile, wrong_files_are_refused) {
    for (const std::string text : {
             "<dispositions/>",
             "<tree><disposition code=\"a\" title=\"A\"/></tree>",
             "<dispositions><entry code=\"a\" title=\"A\"/></dispositions>",
             "<dispositions><disposition title=\"A\"/></dispositions>",
             "<dispositions><disposition code=\"a\"/></dispositions>",
             "<dispositions><disposition code=\"A b\" title=\"A\"/></dispositions>",
             "<dispositions><disposition code=\"a\" title=\"A\" colour=\"red\"/></dispositions>",
             "<dispositions><disposition code=\"a\" title=\"A\"/><disposition code=\"b\" title=\"A\"/></dispositions>",
         }) {
        problems.clear();
        read(text);
        EXPECT_FALSE(problems.empty()) << text;
    }
}

TEST(Dispositions, a_leaf_is_kept_with_its_path_and_told) {
    PapersWorld world(shipped_centre());
    const Decision decision = world.done(kWang, SetDisposition{"c1", "rental", "SIP/1001", "sales"});
    ASSERT_EQ(decision.changes.papers.dispositions.size(), 1U);
    const DispositionRecord& row = decision.changes.papers.dispositions[0];
    EXPECT_EQ(row.code, "rental");
    EXPECT_EQ(row.path, "business_inquiry/rental");
    EXPECT_EQ(row.user, "wang");
    EXPECT_EQ(row.agent, "SIP/1001");
    EXPECT_EQ(row.at, world.now);
    EXPECT_EQ(PapersWorld::event_of(decision), "disposition.set");
}

TEST(Dispositions, a_correction_counts_where_the_conversation_was_counted) {
    PapersWorld world(shipped_centre());
    world.done(kWang, SetDisposition{"c1", "rental", "SIP/1001", "sales"});
    const WallTime first = world.now;
    world.now += std::chrono::hours{30};
    world.done(kLead, SetDisposition{"c1", "sale", "", ""});
    const DispositionRecord& row = world.view.dispositions.at("c1");
    EXPECT_EQ(row.code, "sale");
    EXPECT_EQ(row.at, first);
    EXPECT_EQ(row.agent, "SIP/1001");
    EXPECT_EQ(row.user, "zhao");
}

TEST(Dispositions, subscribers_are_told_each_time_in_the_order_of_the_contact) {
    DeskSettings settings;
    settings.city = "beijing";
    settings.centre = std::make_shared<CentreBox>(shipped_centre());
    settings.subscribers = {{"crm", {"disposition.set"}}, {"erp", {"order.*"}}};
    AskedDesk world(std::move(settings), FlowSet{});
    world.done(kWang, SetDisposition{"c1", "rental", "SIP/1001", "sales"});
    world.done(kLead, SetDisposition{"c1", "sale", "", ""});
    ASSERT_EQ(world.view.outbox.size(), 2U) << "one for each time it was said, and only to who wants them";
    for (const auto& [id, message] : world.view.outbox) {
        EXPECT_EQ(message.destination, "crm");
        EXPECT_EQ(message.key, "c1") << "behind what is told of the contact itself";
        const auto payload = nlohmann::json::parse(message.payload);
        EXPECT_EQ(payload["type"], "disposition.set");
        EXPECT_EQ(payload["data"]["disposition"]["contact"], "c1");
        EXPECT_EQ(payload["data"]["disposition"]["agent"], "SIP/1001");
    }
}

TEST(Dispositions, branches_unknown_codes_and_strangers_are_refused) {
    PapersWorld world(shipped_centre());
    EXPECT_EQ(world.refused(kWang, SetDisposition{"c1", "business_inquiry", "", ""}), "disposition.not_a_leaf");
    EXPECT_EQ(world.refused(kWang, SetDisposition{"c1", "weather", "", ""}), "disposition.unknown");
    EXPECT_EQ(world.refused(kQuality, SetDisposition{"c1", "rental", "", ""}), "auth.forbidden");
    PapersWorld bare;
    EXPECT_EQ(bare.refused(kWang, SetDisposition{"c1", "rental", "", ""}), "disposition.none");
}

TEST(Dispositions, a_reload_holds_from_the_next_step_on) {
    PapersWorld world(shipped_centre());
    Centre other;
    other.dispositions.roots = {{"new", "新", "new", {}}};
    world.box->put(other);
    EXPECT_EQ(world.refused(kWang, SetDisposition{"c1", "rental", "", ""}), "disposition.unknown");
    world.done(kWang, SetDisposition{"c1", "new", "", ""});
}

}  // namespace
}  // namespace citybridge::desk::testing
