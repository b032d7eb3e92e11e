// Who can do what, for assignment: skills given and taken, and queues at the PBX.
#include <gtest/gtest.h>

#include "core/node/people_cache.h"

namespace citybridge {
namespace {

UserRecord agent_user(const std::string& name, const std::string& agent) {
    UserRecord user;
    user.name = name;
    user.agent = agent;
    return user;
}

TEST(PeopleSkills, a_given_skill_holds_from_its_commit_until_it_is_taken) {
    PeopleCache people;
    const UserRecord wang = agent_user("wang", "SIP/1001");
    people.load_skills({{"wang", "mortgage", "ntc_1", {}, {}}, {"wang", "old", "ntc_2", {}, WallTime{}}});
    EXPECT_TRUE(people.has_skill(wang, "mortgage"));
    EXPECT_FALSE(people.has_skill(wang, "old")) << "taken away before";
    Changes changes;
    changes.papers.skills = {{"wang", "mortgage", "user:lead", {}, WallTime{}}, {"wang", "rental", "ntc_3", {}, {}}};
    people.committed(changes, {});
    EXPECT_FALSE(people.has_skill(wang, "mortgage"));
    EXPECT_TRUE(people.has_skill(wang, "rental")) << "also before anybody asked for the people";
    EXPECT_FALSE(people.has_skill(agent_user("li", ""), "rental"));
}

TEST(PeopleSkills, a_queue_counts_while_the_agent_is_signed_in) {
    PeopleCache people;
    Agent agent;
    agent.id = "SIP/1001";
    agent.queues = {"sales"};
    agent.state = AgentPresence::ready;
    people.heard(AgentChanged{std::make_shared<const Agent>(agent)});
    EXPECT_TRUE(people.has_skill(agent_user("wang", "SIP/1001"), "sales"));
    agent.state = AgentPresence::logged_out;
    people.heard(AgentChanged{std::make_shared<const Agent>(agent)});
    EXPECT_FALSE(people.has_skill(agent_user("wang", "SIP/1001"), "sales"));
}

}  // namespace
}  // namespace citybridge
