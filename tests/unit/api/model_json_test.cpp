#include "core/api/model_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace citybridge {
namespace {

std::vector<std::string> keys(const nlohmann::ordered_json& object) {
    std::vector<std::string> out;
    for (const auto& [key, value] : object.items()) out.push_back(key);
    return out;
}

// The names and their order are DESIGN section 6 word by word; `id` of an offer is added.
TEST(ModelJson, a_contact_has_exactly_the_contracts_fields) {
    Contact contact;
    contact.legs.emplace_back();
    contact.offers.emplace_back();
    contact.holds.emplace_back();
    contact.transfers.emplace_back();
    contact.survey = Survey{"5", {}};
    const auto json = to_json(contact);
    EXPECT_THAT(keys(json),
                testing::ElementsAre("id", "direction", "customer_number", "customer_number_e164", "called_number",
                                     "queue", "state", "outcome", "started_at", "queued_at", "answered_at", "ended_at",
                                     "ended_by", "wait_ms", "talk_ms", "hold_ms", "inferred", "legs", "offers", "holds",
                                     "transfers", "survey", "recordings", "disposition", "attributes", "allowed"));
    EXPECT_THAT(keys(json["legs"][0]),
                testing::ElementsAre("role", "number", "name", "agent", "device", "pbx_ids", "joined_at", "left_at"));
    EXPECT_THAT(keys(json["offers"][0]),
                testing::ElementsAre("id", "agent", "device", "state", "offered_at", "ended_at"));
    EXPECT_THAT(keys(json["holds"][0]), testing::ElementsAre("by", "from", "to"));
    EXPECT_THAT(keys(json["transfers"][0]), testing::ElementsAre("kind", "from_agent", "to", "result", "reason", "at"));
    EXPECT_THAT(keys(json["survey"]), testing::ElementsAre("score", "at"));
    EXPECT_TRUE(json["attributes"].is_object());
    EXPECT_EQ(json["survey"]["score"], 5);
}

TEST(ModelJson, an_agent_has_exactly_the_contracts_fields) {
    EXPECT_THAT(keys(to_json(Agent{})),
                testing::ElementsAre("id", "name", "device", "queues", "state", "reason", "since", "cause", "contact"));
}

TEST(ModelJson, bad_bytes_in_a_name_do_not_lose_the_document) {
    Contact contact;
    contact.customer_number = "139\xFF";
    EXPECT_THAT(dump(to_json(contact)), testing::HasSubstr("139\xEF\xBF\xBD"));
}

TEST(ModelJson, a_merged_contact_says_only_what_became_of_it) {
    auto contact = std::make_shared<Contact>();
    contact->id = "a";
    const auto json = to_json(EventEnvelope{1, {}, ContactChanged{ContactChanged::What::merged, contact, "b"}});
    EXPECT_EQ(json["type"], "contact.merged");
    EXPECT_EQ(json["id"], "a");
    EXPECT_EQ(json["into"], "b");
}

}  // namespace
}  // namespace citybridge
