// The kinds of fields that are no plain text.
#include <gtest/gtest.h>

#include <array>

#include "core/gateway/json_input.h"

namespace citybridge::gateway {
namespace {

constexpr std::array kRules{
    FieldRule{.name = "revision", .kind = FieldKind::number},
    FieldRule{.name = "numbers", .kind = FieldKind::texts, .max_length = 5},
    FieldRule{.name = "fields", .kind = FieldKind::values, .max_length = 5},
};

std::string kind_refusal(const std::string& body) {
    const auto read = read_object(body, kRules);
    return read ? "accepted" : read.error().code;
}

std::string repeated(const std::string& item, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += (i ? "," : "") + item;
    return out;
}

TEST(JsonKinds, a_number_is_whole_and_what_every_reader_represents) {
    for (const char* good : {"0", "7", "9007199254740991"})
        EXPECT_EQ(kind_refusal(R"({"revision":)" + std::string(good) + "}"), "accepted") << good;
    for (const char* bad :
         {"-1", "1.5", "1e3", "\"7\"", "null", "true", "9007199254740992", "18446744073709551615", "[]"})
        EXPECT_EQ(kind_refusal(R"({"revision":)" + std::string(bad) + "}"), "request.bad_field") << bad;
}

TEST(JsonKinds, texts_are_a_bounded_list_of_bounded_texts) {
    for (const std::string good : {"[]", R"(["1","22222"])"})
        EXPECT_EQ(kind_refusal(R"({"numbers":)" + good + "}"), "accepted") << good;
    EXPECT_EQ(kind_refusal(R"({"numbers":[)" + repeated("\"1\"", 100) + "]}"), "accepted");
    EXPECT_EQ(kind_refusal(R"({"numbers":[)" + repeated("\"1\"", 101) + "]}"), "request.bad_field");
    for (const std::string bad :
         {R"("1")", "{}", "null", "[1]", "[null]", R"(["666666"])", R"(["a\u0000"])", R"([["1"]])"})
        EXPECT_EQ(kind_refusal(R"({"numbers":)" + bad + "}"), "request.bad_field") << bad;
}

TEST(JsonKinds, values_are_a_flat_object) {
    for (const std::string good : {"{}", R"({"a":"text!","b":3,"c":true,"d":null,"e":-4})"})
        EXPECT_EQ(kind_refusal(R"({"fields":)" + good + "}"), "accepted") << good;
    for (const std::string bad :
         {"[]", R"("x")", R"({"a":{}})", R"({"a":[]})", R"({"a":1.5})", R"({"a":"666666"})", R"({"a":"\u0000"})"})
        EXPECT_EQ(kind_refusal(R"({"fields":)" + bad + "}"), "request.bad_field") << bad;
    std::string many;
    for (int i = 0; i < 101; ++i) many += (i ? ",\"f" : "\"f") + std::to_string(i) + "\":1";
    EXPECT_EQ(kind_refusal(R"({"fields":{)" + many + "}}"), "request.bad_field");
    EXPECT_EQ(kind_refusal(R"({"fields":{"a":1,"a":2}})"), "request.bad_json") << "two readers could differ";
}

TEST(JsonKinds, problems_name_the_field) {
    for (const auto& [body, name] : std::vector<std::pair<std::string, std::string>>{
             {R"({"revision":-1})", "'revision'"}, {R"({"numbers":1})", "'numbers'"}, {R"({"fields":1})", "'fields'"}})
        EXPECT_NE(read_object(body, kRules).error().detail.find(name), std::string::npos) << body;
}

}  // namespace
}  // namespace citybridge::gateway
