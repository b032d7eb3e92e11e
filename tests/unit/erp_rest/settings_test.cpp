// A wrong setting is a sentence at its place in the file.
#include "plugins/erp_rest/settings.h"

#include "tests/unit/erp_rest/erp_fixture.h"

namespace citybridge::erp_rest::test {
namespace {

Problems problems_of(const Given& pairs) {
    Problems problems;
    read_config(raw_settings(pairs), problems);
    return problems;
}

struct Wrong {
    Given settings;  // the last is the wrong one
    const char* says;
};

TEST(Settings, AUrlIsEnough) { EXPECT_TRUE(problems_of({{"url", "https://erp.example"}}).empty()); }

TEST(Settings, WithoutAUrlThereIsNothing) {
    const auto problems = problems_of({});
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_THAT(problems[0].message, ::testing::HasSubstr("url"));
}

TEST(Settings, EachMistakeIsToldAtItsPlace) {
    const std::vector<Wrong> wrongs{
        {{{"url", "https://erp.example/?a=1"}}, "must not hold ?"},
        {{{"url", "https://e"}, {"open_order_path", "orders"}}, "must begin with /"},
        {{{"url", "https://e"}, {"append_note_path", "/{nr}"}}, "names {nr}"},
        {{{"url", "https://e"}, {"find_path", "/{id"}}, "{ without }"},
        {{{"url", "https://e"}, {"id_pointer", "id"}}, "JSON pointer"},
        {{{"url", "https://e"}, {"find_id_pointer", "/~2"}}, "JSON pointer"},
        {{{"url", "https://e"}, {"key_header", "Bad Name"}}, "no name of a header"},
        {{{"url", "https://e"}, {"retry_schedule", "5s, soon"}}, "\"soon\""},
        {{{"url", "https://e"}, {"success_statuses", "2xx, fine"}}, "\"fine\""},
        {{{"url", "https://e"}, {"success_statuses", ""}}, "at least one status"},
        {{{"url", "https://e"}, {"refused_statuses", "99"}}, "\"99\""},
        {{{"url", "https://e"}, {"connections", "0"}}, "connections"},
        {{{"url", "https://e"}, {"repeats", "sometimes"}}, "repeats"},
        {{{"url", "https://e"}, {"secret", "s"}, {"auth", "none"}}, "say basic, bearer or header"},
        {{{"url", "https://e"}, {"auth", "basic"}, {"secret", "s"}, {"user", "a:b"}}, "colon"},
        {{{"url", "https://e"}, {"auth", "bearer"}, {"secret", "a\r\nX: b"}}, "line break"},
        {{{"url", "https://e"}, {"auth", "header"}, {"secret", "s"}, {"auth_header", ""}}, "auth_header"},
        {{{"url", "https://e"}, {"key_header", ""}, {"key_field", ""}, {"repeats", "dedupes"}}, "carries our key"},
    };
    for (const auto& wrong : wrongs) {
        const auto problems = problems_of(wrong.settings);
        ASSERT_EQ(problems.size(), 1U) << wrong.says;
        EXPECT_THAT(problems[0].message, ::testing::HasSubstr(wrong.says));
        EXPECT_EQ(problems[0].where.line, static_cast<int>(wrong.settings.size()) + 1) << wrong.says;
    }
}

TEST(Settings, WhatIsMissingIsToldToo) {
    EXPECT_THAT(problems_of({{"url", "https://e"}, {"repeats", "findable"}}).at(0).message,
                ::testing::HasSubstr("find_path"));
    EXPECT_EQ(problems_of({{"url", "https://e"}, {"auth", "basic"}}).size(), 2U) << "user and secret";
    EXPECT_EQ(problems_of({{"url", "https://e"}, {"auth", "bearer"}}).size(), 1U);
}

TEST(Settings, NoMessageShowsASecret) {
    for (const auto& problem : problems_of({{"url", "https://e"}, {"auth", "none"}, {"secret", "hush-hush"}}))
        EXPECT_EQ(problem.message.find("hush-hush"), std::string::npos);
}

TEST(Settings, AUrlThatMayNotBeReachedIsAProblem) {
    for (const char* url : {"ftp://erp.example", "https://user:pass@erp.example", "erp.example"})
        EXPECT_EQ(Erp(Given{{"url", url}}).problems.size(), 1U) << url;
    HostOptions options;
    options.outgoing_allow = {"other.example"};
    EXPECT_EQ(Erp(Given{{"url", "https://erp.example"}}, options).problems.size(), 1U);
    options.outgoing_allow = {"erp.example"};
    EXPECT_TRUE(Erp(Given{{"url", "https://erp.example"}}, options).problems.empty());
}

}  // namespace
}  // namespace citybridge::erp_rest::test
