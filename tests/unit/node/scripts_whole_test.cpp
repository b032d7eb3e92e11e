// Words to say through a whole node: what a flow's file says is seen when those who approve have said so.
#include <fstream>

#include "core/desk/flow_file.h"
#include "tests/unit/node/whole_node.h"

namespace citybridge::test {
namespace {

using Json = nlohmann::json;

std::string tasting(const std::string& script) {
    return R"xml(<?xml version="1.0" encoding="UTF-8"?>
<flow kind="tasting" version="1" title="试吃" open_roles="agent" note_roles="agent">
  <state name="new" initial="true" title="新建"/>
  <state name="done" closed="true" title="完成"/>
  <action name="finish" from="new" to="done" roles="agent" title="完成"/>
)xml" + script +
           "\n</flow>\n";
}

constexpr const char* kFirst =
    R"(<script on="state:new" version="1" title="问候" approved_by="product_manager:li 2026-01-01, centre_manager:wang 2026-01-02">您好。</script>)";
// The file says that it was approved, too; nobody asks the file any more.
constexpr const char* kSecond =
    R"(<script on="state:new" version="1" title="问候" approved_by="product_manager:li 2026-01-01, centre_manager:wang 2026-01-02">您好，请慢用。</script>)";

struct WholeScripts : WholeNode {
    const std::string path = "/v1/scripts/scr_tasting.state.new";

    void put(const std::string& script) { std::ofstream(folder() + "/flows/tasting.xml") << tasting(script); }
    void begin_with(const std::string& script) {
        setup_.more_sections =
            "  <centre script_approvals=\"product_manager=role:quality, centre_manager=role:supervisor\"/>\n";
        std::filesystem::create_directories(folder() + "/flows");
        put(script);
        begin();
    }
    void reload(const std::string& script) {
        put(script);
        Problems problems;
        desk::FlowBook book;
        book.flows = desk::load_flows(folder() + "/flows", problems);
        ASSERT_TRUE(problems.empty());
        ASSERT_TRUE(node().set_book(std::move(book)));
    }
    std::string text_of(const Json& scripts) { return scripts.empty() ? "" : scripts[0].value("text", ""); }
    // What an agent reads in the order that he opens, and in the description of the kind.
    std::string said() {
        const Reply opened = ask("POST", "/v1/orders", "agent1", {{"kind", "tasting"}});
        EXPECT_EQ(opened.status, 201) << opened.body;
        const std::string text = text_of(opened.json()["scripts"]);
        EXPECT_EQ(
            text_of(ask("GET", "/v1/orders/" + opened.json()["id"].get<std::string>(), "agent1").json()["scripts"]),
            text);
        EXPECT_EQ(text_of(ask("GET", "/v1/flows/tasting", "agent1").json()["scripts"]), text);
        EXPECT_EQ(
            ask("POST", "/v1/orders/" + opened.json()["id"].get<std::string>() + "/finish", "agent1", Json::object())
                .status,
            200);
        return text;
    }
    Json script() { return ask("GET", path, "chief").json(); }
    bool in_state(const std::string& state) {
        return eventually([&] { return script().value("state", "") == state; });
    }
    std::size_t waiting(const std::string& user) {
        return ask("GET", "/v1/scripts?flow=tasting&waiting=me", user).json()["items"].size();
    }
    Reply approve(const std::string& user, int version) {
        return ask("POST", path + "/approve", user, {{"version", version}});
    }
};

TEST_F(WholeScripts, changed_words_are_seen_when_both_have_approved_and_stay_over_a_restart) {
    begin_with(kFirst);
    ASSERT_TRUE(in_state("published"));
    EXPECT_EQ(said(), "您好。");
    reload(kSecond);
    ASSERT_TRUE(in_state("changed"));
    EXPECT_EQ(said(), "您好。") << "the words of before, until the new ones are approved";
    EXPECT_EQ(waiting("quality"), 1U);
    EXPECT_EQ(waiting("chief"), 1U);
    EXPECT_EQ(waiting("lead"), 0U);
    EXPECT_EQ(ask("GET", path, "agent1").code(), "paper.unknown") << "what nobody approved is not for agents";

    EXPECT_EQ(approve("lead", 2).code(), "auth.forbidden");
    EXPECT_EQ(approve("quality", 1).code(), "paper.changed_meanwhile");
    EXPECT_EQ(ask("POST", path + "/approve", "quality", Json::object()).code(), "paper.bad_fields");
    ASSERT_EQ(approve("quality", 2).status, 200);
    EXPECT_EQ(said(), "您好。");
    EXPECT_EQ(waiting("quality"), 0U);
    EXPECT_EQ(ask("GET", "/v1/scripts?waiting=anybody", "chief").json()["items"][0]["waits_for"],
              Json::array({"centre_manager"}));
    restart();
    EXPECT_EQ(said(), "您好。") << "one approval is not two, over a restart, too";
    ASSERT_EQ(approve("chief", 2).status, 200);
    EXPECT_EQ(said(), "您好，请慢用。");
    restart();
    EXPECT_EQ(said(), "您好，请慢用。");
    std::vector<std::string> approved;
    const Json full = script();
    for (const Json& entry : full["entries"])
        if (entry["action"] == "approve") approved.push_back(entry["actor"]);
    EXPECT_EQ(approved, (std::vector<std::string>{"quality", "chief"}));
}

TEST_F(WholeScripts, words_that_nobody_approved_are_seen_by_nobody_and_a_change_begins_again) {
    begin_with("<script on=\"state:new\" version=\"1\">您好。</script>");
    ASSERT_TRUE(in_state("review"));
    EXPECT_EQ(said(), "");
    ASSERT_EQ(approve("quality", 1).status, 200);
    reload("<script on=\"state:new\" version=\"1\">您好！</script>");
    ASSERT_TRUE(eventually([&] { return script()["body"]["next"]["version"] == 2; }));
    EXPECT_EQ(approve("chief", 1).code(), "paper.changed_meanwhile");
    ASSERT_EQ(approve("chief", 2).status, 200);
    EXPECT_EQ(said(), "") << "the approval of before was for other words";
    EXPECT_EQ(ask("POST", path + "/return", "quality", {{"text", "少了公司名"}}).status, 200);
    EXPECT_EQ(approve("quality", 2).code(), "paper.action_not_possible") << "returned words are not approved";
    EXPECT_EQ(waiting("chief"), 0U);
    reload("");
    ASSERT_TRUE(in_state("retired"));
}

TEST_F(WholeScripts, a_centre_that_approves_elsewhere_shows_what_its_files_call_approved) {
    begin_with(kFirst);
    end();
    setup_.more_sections = "  <centre script_approvals=\"\"/>\n";
    put(kSecond);
    begin();
    ASSERT_TRUE(eventually([&] { return said() == "您好，请慢用。"; }));
}

}  // namespace
}  // namespace citybridge::test
